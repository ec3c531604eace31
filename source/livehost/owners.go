package livehost

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
	"seawall/source/hostfile"
	"seawall/source/pkgdb"
)

// Databases of package managers.
const (
	dpkgStatus = "/var/lib/dpkg/status"
	dpkgInfo   = "/var/lib/dpkg/info"
	apkDB      = "/lib/apk/db/installed"
	maxDB      = 256 << 20 // bytes
)

// owners tells which package files are of.
type owners struct {
	files *hostfile.FS
	// packages are dpkg's, by name; nil where there is none.
	packages map[string]snapshot.Package
	dpkgErr  error
	rpm      *rpmAnswer // what was read last of rpm's database
}

func newOwners(files *hostfile.FS) *owners {
	w := &owners{files: files}
	file, err := files.Open(dpkgStatus)
	if err != nil {
		if !missing(err) {
			w.dpkgErr = err
		}
		return w
	}
	defer file.Close()
	w.packages, w.dpkgErr = pkgdb.Dpkg(file)
	return w
}

// dpkg is an installed package.
func (w *owners) dpkg(name string) (snapshot.Package, bool) {
	p, ok := w.packages[name]
	return p, ok
}

// find sets the packages of programs.
func (w *owners) find(programs []snapshot.Program) {
	var rest []*snapshot.Program
	for i := range programs {
		p := &programs[i]
		if name, ok := strings.CutPrefix(realPath(p), "/snap/"); ok {
			p.Package = w.snap(name)
			continue
		}
		rest = append(rest, p)
	}
	switch {
	case w.dpkgErr != nil:
		for _, p := range rest {
			p.Package = snapshot.Lost[snapshot.Package](source.GapFrom(w.dpkgErr), snapshot.At("package", dpkgStatus))
		}
	case w.packages != nil:
		w.findDpkg(rest)
	case w.exists(apkDB):
		w.findApk(rest)
	default:
		if db := w.rpmPath(); db != "" {
			w.findRpm(rest, db)
			return
		}
		w.noDatabase(rest)
	}
}

func realPath(p *snapshot.Program) string {
	if p.Real != "" {
		return p.Real
	}
	return p.Path
}

func (w *owners) exists(name string) bool {
	_, err := w.files.Info(name)
	return err == nil
}

// snap tells of a program below /snap/NAME/REVISION.
func (w *owners) snap(rest string) snapshot.Fact[snapshot.Package] {
	name, _, _ := strings.Cut(rest, "/")
	meta := "/snap/" + name + "/current/meta/snap.yaml"
	p := snapshot.Package{Manager: "snap", Name: name, Source: name}
	if data, err := w.files.ReadFile(meta, 1<<20); err == nil {
		for line := range strings.Lines(string(data)) {
			if v, ok := strings.CutPrefix(line, "version:"); ok {
				p.Version = strings.Trim(strings.TrimSpace(v), `"'`)
			}
		}
	}
	p.SourceVersion = p.Version
	return snapshot.See(p, snapshot.At("package", meta))
}

// noDatabase tells of programs on a host where no database was found. A directory of
// rpm's without one of a known name is a reason not to say that they are of no package.
func (w *owners) noDatabase(programs []*snapshot.Program) {
	for _, p := range programs {
		p.Package = snapshot.None[snapshot.Package](snapshot.At("package", "databases of packages"))
		for _, dir := range rpmDirs {
			if w.exists(dir) {
				p.Package = snapshot.Lost[snapshot.Package](snapshot.Gap{
					Reason: snapshot.ReasonUnsupported, Detail: lang.Recordf("the database of rpm was not found in %s", dir), Remedy: lang.Recordf("ask rpm itself: rpm -qf %s", p.Path),
				}, snapshot.At("package", dir))
			}
		}
	}
}

// likely are the packages that hold the programs on most hosts; their lists are
// read first.
var likely = []string{
	"docker.io", "docker-cli", "docker-ce", "docker-ce-cli", "docker-ce-rootless-extras", "moby-engine", "moby-cli", "containerd", "containerd.io", "moby-containerd", "runc", "moby-runc",
	"docker-compose", "docker-compose-v2", "docker-compose-plugin", "docker-buildx", "docker-buildx-plugin", "rootlesskit", "slirp4netns",
}

// spellings are the paths by which a package may list a program: what an old one lists
// below /bin is the same below /usr/bin.
func spellings(p *snapshot.Program) []string {
	var out []string
	for _, name := range []string{p.Path, realPath(p)} {
		out = append(out, name)
		if short, ok := strings.CutPrefix(name, "/usr"); ok {
			out = append(out, short)
		}
	}
	return out
}

// findDpkg finds the owners by dpkg's lists of files.
func (w *owners) findDpkg(programs []*snapshot.Program) {
	byPath := map[string]*snapshot.Program{}
	for _, p := range programs {
		for _, name := range spellings(p) {
			byPath[name] = p
		}
	}
	names, err := w.files.ReadDir(dpkgInfo)
	if err != nil {
		for _, p := range programs {
			p.Package = snapshot.Lost[snapshot.Package](source.GapFrom(err), snapshot.At("package", dpkgInfo))
		}
		return
	}
	names = slices.DeleteFunc(names, func(n string) bool { return path.Ext(n) != ".list" })
	first, others := []string{}, []string{}
	for _, name := range names {
		if slices.Contains(likely, packageOf(name)) {
			first = append(first, name)
		} else {
			others = append(others, name)
		}
	}
	failed := w.scan(first, byPath)
	if slices.ContainsFunc(programs, unowned) {
		failed = errors.Join(failed, w.scan(others, byPath))
	}
	for _, p := range programs {
		switch {
		case !unowned(p):
		case failed != nil:
			p.Package = snapshot.Lost[snapshot.Package](source.GapFrom(failed), snapshot.At("package", dpkgInfo))
		default:
			p.Package = snapshot.None[snapshot.Package](snapshot.At("package", dpkgInfo+"/*.list"))
		}
	}
}

func unowned(p *snapshot.Program) bool { return p.Package.State() == snapshot.NotCollected }

// packageOf is the package of a list: "libc6:amd64.list" is of libc6.
func packageOf(list string) string {
	name, _, _ := strings.Cut(strings.TrimSuffix(list, ".list"), ":")
	return name
}

// scan looks for paths in lists of files, and sets the packages of those found.
func (w *owners) scan(lists []string, byPath map[string]*snapshot.Program) error {
	paths := make([]string, 0, len(byPath))
	for name := range byPath {
		paths = append(paths, name)
	}
	slices.Sort(paths)
	var mu sync.Mutex
	var failed error
	info := w.files.Below(dpkgInfo)
	eachShare(len(lists), func(from, to int) {
		for _, list := range lists[from:to] {
			data, err := info.ReadFile("/"+list, maxDB)
			owned := pkgdb.Owned(data, paths)
			mu.Lock()
			if err != nil {
				failed = errors.Join(failed, err)
			}
			for _, name := range owned {
				if p, ok := w.packages[packageOf(list)]; ok && unowned(byPath[name]) {
					byPath[name].Package = snapshot.See(p, snapshot.At("package", dpkgStatus))
				}
			}
			mu.Unlock()
		}
	})
	return failed
}

func (w *owners) findApk(programs []*snapshot.Program) {
	o := snapshot.At("package", apkDB)
	paths := []string{}
	for _, p := range programs {
		paths = append(paths, p.Path, realPath(p))
	}
	file, err := w.files.Open(apkDB)
	var owned map[string]snapshot.Package
	if err == nil {
		owned, err = pkgdb.Apk(file, paths)
		file.Close()
	}
	for _, p := range programs {
		found, ok := owned[p.Path]
		if !ok {
			found, ok = owned[realPath(p)]
		}
		switch {
		case err != nil:
			p.Package = snapshot.Lost[snapshot.Package](source.GapFrom(fmt.Errorf("%s: %w", apkDB, err)), o)
		case ok:
			p.Package = snapshot.See(found, o)
		default:
			p.Package = snapshot.None[snapshot.Package](o)
		}
	}
}
