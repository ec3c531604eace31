package currency

import (
	"slices"
	"strings"
	"time"

	"seawall/currency/known"
	"seawall/currency/version"
	"seawall/lang"
	"seawall/snapshot"
)

// gatherer collects the components of a host.
type gatherer struct {
	s    *snapshot.Snapshot
	data *known.Data
	os   snapshot.OS
	out  []Component
}

// gather lists the components: those of each engine, the clients and the kernel.
func gather(s *snapshot.Snapshot, data *known.Data) []Component {
	g := &gatherer{s: s, data: data}
	g.os, _ = s.Host.OS.Peek()
	for i := range s.Engines {
		if s.Engines[i].Kind == "docker" {
			g.engine(&s.Engines[i])
		}
	}
	g.clients()
	g.kernel()
	return g.out
}

// engine adds an engine and what it runs containers with.
func (g *gatherer) engine(e *snapshot.Engine) {
	c := Component{Kind: known.Engine, Engine: e.Name}
	told, ok := tell(&c, e.Version)
	c.setVersion(told, e.Version.Origin())
	g.place(&c, e, "dockerd", daemonPath(e))
	g.add(c)
	if ok {
		g.add(g.buildKit(c))
	}
	parts, _ := tell(&c, e.Components)
	for _, part := range parts {
		for name, kind := range map[string]known.Component{"containerd": known.Containerd, "runc": known.Runc, "slirp4netns": known.Slirp4netns} {
			if part.Name == name {
				p := Component{Kind: kind, Engine: e.Name}
				p.setVersion(part.Version, e.Components.Origin())
				g.place(&p, e, name, filePath(e, name))
				g.add(p)
			}
		}
	}
}

// daemonPath is where the daemon's own program lies: where its files were described,
// below the root that it sees.
func daemonPath(e *snapshot.Engine) string {
	if path := filePath(e, "dockerd"); path != "" {
		return path
	}
	process, _ := e.Daemon.Process.Peek()
	return process.Executable
}

// filePath is where the engine finds one of its programs; "" if that was not read.
func filePath(e *snapshot.Engine, role string) string {
	files, _ := e.Daemon.Files.Peek()
	for _, f := range files {
		if f.Role == role {
			return f.Path
		}
	}
	return ""
}

// tell reads a fact, and remembers one that could not be read.
func tell[T any](c *Component, f snapshot.Fact[T]) (T, bool) {
	v, ok := f.Peek()
	if !ok {
		c.Missing = append(c.Missing, Missing{f.Origin(), f.Gap()})
	}
	return v, ok && f.State() == snapshot.Seen
}

func (c *Component) setVersion(told string, o snapshot.Origin) {
	c.Version, c.Read = told, o
	if told == "" {
		return
	}
	c.Upstream = release(told)
	if _, err := version.Upstream.Compare(c.Upstream, c.Upstream); err != nil {
		c.Upstream = ""
		c.Remarks = append(c.Remarks, lang.Sprintf("version %q is not that of a release", told))
	}
}

// place finds the file and the package of a program of an engine.
func (g *gatherer) place(c *Component, e *snapshot.Engine, name, path string) {
	c.Path = strings.TrimSuffix(path, " (deleted)")
	c.Origin.Builder = BuiltUnknown
	programs, ok := tell(c, g.s.Host.Software.Programs)
	switch {
	case !ok || !e.Local:
		return
	case path == "":
		c.Missing = append(c.Missing, Missing{snapshot.At(name, "the engine's files"), pathGap(e)})
		return
	}
	i := slices.IndexFunc(programs, func(p snapshot.Program) bool { return p.Path == c.Path || p.Real == c.Path })
	if i < 0 {
		c.Missing = append(c.Missing, Missing{snapshot.At("package", c.Path), snapshot.Gap{
			Reason: snapshot.ReasonUnsupported, Detail: lang.Sprintf("%s is not one of the programs whose packages were looked up", c.Path),
		}})
		return
	}
	c.Path = hostPath(&programs[i])
	g.own(c, &programs[i])
	c.doubtBuilder(commitOf(e, name))
	c.holdAgainstPackage()
	g.outdated(c)
}

// hostPath is where a program lies for the host: one in the mounts of an engine of its
// own may be the host's file.
func hostPath(p *snapshot.Program) string {
	if strings.HasPrefix(p.Path, "/proc/") && p.Real != "" {
		return p.Real
	}
	return p.Path
}

// commitOf is the commit that a part of the engine says it is built from; "" where it
// says none.
func commitOf(e *snapshot.Engine, program string) string {
	components, _ := e.Components.Peek()
	for _, part := range components {
		if part.Name == program || part.Name == "Engine" && program == "dockerd" {
			return part.Commit
		}
	}
	return ""
}

func pathGap(e *snapshot.Engine) snapshot.Gap {
	for _, gap := range []snapshot.Gap{e.Daemon.Process.Gap(), e.Daemon.Files.Gap()} {
		if gap.Reason != "" {
			return gap
		}
	}
	return snapshot.Gap{Reason: snapshot.ReasonUnsupported, Detail: lang.T("where the program lies was not found"), Remedy: lang.T("run as root")}
}

// own sets who built a program.
func (g *gatherer) own(c *Component, p *snapshot.Program) {
	tell(c, p.Package)
	system := g.s.Host.OS
	if elsewhere(p) {
		system = p.System
	}
	os, _ := tell(c, system)
	c.Origin = originOf(p.Package, os)
}

// elsewhere reports whether a program is of another system than the host's, in a root
// of its own.
func elsewhere(p *snapshot.Program) bool { return p.Root != "" }

// outdated finds out whether an older file of the program still runs.
func (g *gatherer) outdated(c *Component) {
	running, _ := tell(c, g.s.Host.Software.Running)
	for _, r := range running {
		if r.Path == c.Path && r.Fate != snapshot.FileCurrent && r.Name != "containerd-shim" && c.suspect == "" && !c.Origin.FromUpstream() {
			c.suspect = lang.T("it was started from a file that is removed; the package tells of the new one")
			if r.Fate == snapshot.FileReplaced {
				c.suspect = lang.T("it was started from a file that is replaced; the package tells of the new one")
			}
		}
	}
}

// buildKit is the builder that is linked into an engine.
func (g *gatherer) buildKit(engine Component) Component {
	c := Component{Kind: known.BuildKit, Engine: engine.Engine, Path: engine.Path, Origin: engine.Origin, Missing: slices.Clone(engine.Missing), suspect: engine.suspect}
	c.Read = snapshot.At("BuildKit in engine "+engine.Upstream, "releases of moby")
	bundle := g.data.Bundle(engine.Upstream)
	switch {
	case bundle == nil:
		c.Remarks = append(c.Remarks, lang.Sprintf("what BuildKit engine %s holds is not known", engine.Version))
		return c
	case bundle.BuildKitReplace != "":
		c.Version = bundle.BuildKitReplace
		c.Remarks = append(c.Remarks, lang.Sprintf("the engine holds another BuildKit than the one that advisories count: %s", bundle.BuildKitReplace))
		return c
	}
	c.Version, c.Upstream = bundle.BuildKit, bundle.BuildKit
	if _, err := version.Upstream.Compare(bundle.BuildKit, bundle.BuildKit); err != nil { // a commit
		c.Upstream = ""
		c.codeFrom, _ = time.Parse(time.DateOnly, bundle.Date)
		c.Remarks = append(c.Remarks, lang.T("the engine holds a commit of BuildKit, which is compared by its age"))
	} else if stamp := pseudoTime(bundle.BuildKit); !stamp.IsZero() {
		c.codeFrom = stamp
		c.Remarks = append(c.Remarks, lang.T("the engine holds a commit of BuildKit between releases, which is compared by its age too"))
	}
	return c
}

// pseudoTime is the time in a Go pseudo-version: 0.10.7-0.20230412161310-d52b2d584242.
func pseudoTime(v string) time.Time {
	parts := strings.Split(v, "-")
	if len(parts) != 3 {
		return time.Time{}
	}
	stamp := parts[1][strings.LastIndexByte(parts[1], '.')+1:]
	t, _ := time.Parse("20060102150405", stamp)
	return t
}

// clients adds every copy of the CLI and of its plugins.
func (g *gatherer) clients() {
	programs, _ := g.s.Host.Software.Programs.Peek()
	for i := range programs {
		p := &programs[i]
		kind, ok := map[string]known.Component{"docker": known.CLI, "docker-compose": known.Compose, "docker-buildx": known.Buildx}[p.Name]
		if !ok {
			continue
		}
		c := Component{Kind: kind, Path: p.Path}
		g.own(&c, p)
		g.clientVersion(&c, p)
		g.add(c)
	}
}

// clientVersion is that of the package, else what the program's build tells.
func (g *gatherer) clientVersion(c *Component, p *snapshot.Program) {
	if pkg := c.Origin.Package; pkg.Version != "" {
		c.Version, c.Read = pkg.Version, c.Origin.Read
		c.Upstream = version.OfPackage(scheme(pkg), pkg.Version)
		return
	}
	build, _ := tell(c, p.Build)
	if build.Version == "" {
		c.Remarks = append(c.Remarks, lang.T("its version is not known: it is of no package, and its build tells none"))
		return
	}
	c.setVersion(build.Version, p.Build.Origin())
}

func (g *gatherer) add(c Component) {
	if c.Origin.Builder == "" {
		c.Origin.Builder = BuiltUnknown
	}
	g.out = append(g.out, c)
}
