package livehost

import (
	"context"
	"debug/buildinfo"
	"errors"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"seawall/snapshot"
	"seawall/source"
	"seawall/source/hostfile"
)

// softwareNames are the programs of engines and clients, by the names of their
// files.
var softwareNames = map[string]string{
	"dockerd": "dockerd", "docker": "docker", "containerd": "containerd", "containerd-shim-runc-v2": "containerd-shim", "runc": "runc",
	"docker-proxy": "docker-proxy", "rootlesskit": "rootlesskit", "slirp4netns": "slirp4netns", "docker-compose": "docker-compose",
}

// clientPlugins are the plugins of the CLI that are looked for, and where, in the
// order in which it looks (docker/cli, cli-plugins/manager; users' own come first
// and are told with the clients).
var (
	clientPlugins    = []string{"docker-compose", "docker-buildx"}
	clientPluginDirs = []string{"/usr/local/lib/docker/cli-plugins", "/usr/local/libexec/docker/cli-plugins", "/usr/lib/docker/cli-plugins", "/usr/libexec/docker/cli-plugins"}
)

// software reads what the host runs containers with.
func (v vantage) software(ctx context.Context, owners *owners, lists bool) snapshot.Software {
	var s snapshot.Software
	processes := v.running(ctx)
	s.Running = processes
	s.Programs = v.programs(processes, owners)
	s.Kernel = v.kernelSoftware(owners)
	s.RebootRequired = v.rebootRequired()
	s.Unattended = v.unattended(owners)
	s.Lists = v.packageLists(&s, owners, lists)
	return s
}

// programs finds the programs on the usual paths and those that run.
func (v vantage) programs(running snapshot.Fact[[]snapshot.RunningProgram], owners *owners) snapshot.Fact[[]snapshot.Program] {
	o := snapshot.At("programs", "files in "+defaultPath)
	return hostFact(v.files, o, func() snapshot.Fact[[]snapshot.Program] {
		f := programFinder{files: v.m.Files, first: map[string]bool{}, seen: map[string]bool{}}
		for dir := range strings.SplitSeq(defaultPath, ":") {
			for file, name := range softwareNames {
				f.add(name, path.Join(dir, file), name)
			}
		}
		for _, dir := range clientPluginDirs {
			for _, name := range clientPlugins {
				f.add(name, path.Join(dir, name), "plugin "+name)
			}
		}
		started, _ := running.Peek()
		for _, r := range started {
			if r.Fate != snapshot.FileRemoved {
				f.add(r.Name, r.Path, "")
			}
		}
		if f.err != nil {
			return snapshot.Lost[[]snapshot.Program](source.GapFrom(f.err), o)
		}
		owners.find(f.out)
		for i := range f.out {
			f.out[i].Build = goBuild(v.m.Files, f.out[i].Path)
		}
		slices.SortFunc(f.out, func(a, b snapshot.Program) int { return strings.Compare(a.Name+"\x00"+a.Path, b.Name+"\x00"+b.Path) })
		return snapshot.See(f.out, o)
	})
}

// programFinder gathers programs, each file once.
type programFinder struct {
	files *hostfile.FS
	out   []snapshot.Program
	first map[string]bool // by what is looked for
	seen  map[string]bool // by the file that a path leads to
	err   error
}

// add adds the program at a path if there is one. Of those that are looked for in
// the same way the first is marked.
func (f *programFinder) add(name, file, lookup string) {
	real, info, err := f.files.Find(file)
	switch {
	case missing(err):
		return
	case err != nil:
		f.err = errors.Join(f.err, err)
		return
	case !info.Mode.IsRegular() || info.Mode&0o111 == 0:
		return
	}
	p := snapshot.Program{Name: name, Path: file}
	if real != file {
		p.Real = real
	}
	if lookup != "" && !f.first[lookup] {
		f.first[lookup], p.First = true, true
	}
	if f.seen[real] {
		return
	}
	f.seen[real] = true
	f.out = append(f.out, p)
}

// linkedVersion matches the flag by which builders set a program's version:
// -X github.com/docker/cli/cli/version.Version=28.2.2
var linkedVersion = regexp.MustCompile(`-X[ =]['"]?[\w./-]+\.[vV]ersion=['"]?([\w.+~-]+)`)

// goBuild reads what a program tells of its build. A file that is not of Go is
// absent.
func goBuild(files *hostfile.FS, name string) snapshot.Fact[snapshot.GoBuild] {
	o := snapshot.At("build information", files.Where(name))
	file, err := files.Open(name)
	if err != nil {
		return snapshot.Lost[snapshot.GoBuild](source.GapFrom(err), o)
	}
	defer file.Close()
	info, err := buildinfo.Read(file)
	if err != nil {
		var perm *fs.PathError
		if errors.As(err, &perm) {
			return snapshot.Lost[snapshot.GoBuild](source.GapFrom(err), o)
		}
		return snapshot.None[snapshot.GoBuild](o)
	}
	b := snapshot.GoBuild{Go: info.GoVersion}
	for _, setting := range info.Settings {
		if setting.Key == "-ldflags" {
			if m := linkedVersion.FindStringSubmatch(setting.Value); m != nil {
				b.Version = m[1]
			}
		}
	}
	return snapshot.See(b, o)
}
