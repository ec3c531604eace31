package livehost

import (
	"slices"

	"seawall/snapshot"
	"seawall/source"
	"seawall/source/hostfile"
)

// enginePrograms adds to the host's programs those that its engines run and that lie
// on none of the usual paths: in a PATH of the engine's own, or in its own mounts.
func (c *collector) enginePrograms(s *snapshot.Snapshot) {
	programs, ok := s.Host.Software.Programs.Peek()
	if !ok {
		return
	}
	f := engineFinder{m: c.Machine, out: slices.Clone(programs), owners: map[string]*owners{}}
	for i := range s.Engines {
		files, _ := s.Engines[i].Daemon.Files.Peek()
		for _, file := range files {
			if name, ok := softwareNames[file.Role]; ok && s.Engines[i].Kind == "docker" {
				f.add(name, file.Path)
			}
		}
	}
	if len(f.out) == len(programs) {
		return
	}
	s.Host.Software.Programs = snapshot.See(f.out, s.Host.Software.Programs.Origin())
	if f.asked && c.Lists { // the lists were read for the packages that were known then
		s.Host.Software.Lists = look(c.Machine).packageLists(&s.Host.Software, f.ownersOf(c.Machine.Files), true)
	}
}

// engineFinder gathers programs of engines.
type engineFinder struct {
	m      Machine
	out    []snapshot.Program
	owners map[string]*owners // by root
	asked  bool               // a package of the host was looked up
}

// add adds the program at a path, if it is not there yet.
func (f *engineFinder) add(name, file string) {
	if slices.ContainsFunc(f.out, func(p snapshot.Program) bool { return p.Path == file || p.Real == file }) {
		return
	}
	view, inside := f.m.Files, file
	if root, rest, ok := splitProcRoot(f.m.Proc, file); ok {
		view, inside = hostfile.New(root), rest
	}
	p := snapshot.Program{Name: name, Path: file}
	real, info, err := view.Find(inside)
	switch {
	case missing(err):
		return
	case err != nil:
		p.Package = snapshot.Lost[snapshot.Package](source.GapFrom(err), snapshot.At("package", file))
		p.Build = snapshot.Lost[snapshot.GoBuild](source.GapFrom(err), snapshot.At("build information", file))
	case f.isHosts(real, info):
		f.setHosts(&p, real)
	default:
		p.Root, p.System = view.Root(), systemOf(view)
		f.lookUp(&p, view, real)
	}
	f.out = append(f.out, p)
}

// isHosts reports whether a file of a view is the one that the host has at this path.
func (f *engineFinder) isHosts(real string, info hostfile.Info) bool {
	host, err := f.m.Files.Info(real)
	return err == nil && host.Same(info)
}

// setHosts tells of a program that is a file of the host: what is known of it, or what
// the host's packages say.
func (f *engineFinder) setHosts(p *snapshot.Program, real string) {
	if real != p.Path {
		p.Real = real
	}
	for _, known := range f.out {
		if realPath(&known) == real {
			p.Package, p.Build = known.Package, known.Build
			return
		}
	}
	f.asked = true
	f.lookUp(p, f.m.Files, real)
}

// lookUp asks the databases of packages in a root for the owner of a program.
func (f *engineFinder) lookUp(p *snapshot.Program, view *hostfile.FS, real string) {
	found := []snapshot.Program{{Path: real}}
	f.ownersOf(view).find(found)
	p.Package = found[0].Package
	p.Package.Place(snapshot.At(p.Package.Origin().Path, view.Where(p.Package.Origin().Source)))
	p.Build = goBuild(view, real)
}

func (f *engineFinder) ownersOf(view *hostfile.FS) *owners {
	w := f.owners[view.Root()]
	if w == nil {
		w = newOwners(view)
		f.owners[view.Root()] = w
	}
	return w
}
