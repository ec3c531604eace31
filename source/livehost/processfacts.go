package livehost

import (
	"errors"
	"io/fs"
	"strings"

	"golang.org/x/sys/unix"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
	"seawall/source/procfs"
)

// overflowUID is what the kernel shows for a user that has no number in the
// reader's user namespace (/proc/sys/kernel/overflowuid).
const overflowUID = 65534

// fill reads all facts of a container's process; each has its own gap.
func (r *processReader) fill(p *snapshot.Process, dir *procfs.Dir, s procfs.Status, c *snapshot.Container) {
	fillStatus(p, dir.Where("status"), s)
	if r.view.foreignUIDs && s.UID == overflowUID {
		p.UID = snapshot.Lost[int](snapshot.Gap{
			Reason: snapshot.ReasonNamespace,
			Detail: lang.N("Seawall runs in a user namespace in which this user has no number"),
			Remedy: lang.N("run as root outside of user namespaces"),
		}, p.UID.Origin())
	}
	p.Label = r.label(dir)
	p.UIDMap = r.idMap(dir, "uid_map")
	p.GIDMap = r.idMap(dir, "gid_map")
	p.Namespaces = r.namespaces(dir)
	r.fillMounts(p, dir, c)
	p.Programs = r.view.programs.of(c.ID, p.PID)
}

func fillStatus(p *snapshot.Process, where string, s procfs.Status) {
	p.UID = field(where, "Uid", s, procfs.HasUID, s.UID)
	p.CapEffective = field(where, "CapEff", s, procfs.HasCapEff, s.CapEff)
	p.CapBounding = field(where, "CapBnd", s, procfs.HasCapBnd, s.CapBnd)
	p.NoNewPrivs = field(where, "NoNewPrivs", s, procfs.HasNoNewPrivs, s.NoNewPrivs)
	p.SeccompMode = field(where, "Seccomp", s, procfs.HasSeccomp, s.Seccomp)
	p.SeccompFilters = field(where, "Seccomp_filters", s, procfs.HasSeccompFilters, s.SeccompFilters)
}

// field is a fact of a status file; one the kernel did not print is a gap.
func field[T any](where, name string, s procfs.Status, has procfs.Fields, v T) snapshot.Fact[T] {
	if s.Has&has == 0 {
		return snapshot.Lost[T](snapshot.Gap{
			Reason: snapshot.ReasonUnsupported,
			Detail: lang.Recordf("this kernel does not print %s in %s", name, where),
		}, snapshot.At(name, where))
	}
	return snapshot.See(v, snapshot.At(name, where))
}

// label reads the LSM label. A kernel without a labelling LSM answers "invalid
// argument", one without LSMs has no such file: then there is none.
func (r *processReader) label(dir *procfs.Dir) snapshot.Fact[string] {
	o := snapshot.At("label", dir.Where("attr/current"))
	var err error
	r.buf, err = dir.Read("attr/current", r.buf)
	switch {
	case errors.Is(err, unix.EINVAL), errors.Is(err, unix.EOPNOTSUPP), errors.Is(err, fs.ErrNotExist):
		o.Source += " (" + reasonOf(err) + ")"
		return snapshot.None[string](o)
	case err != nil:
		return snapshot.Lost[string](source.GapFrom(err), o)
	}
	label := strings.TrimRight(string(r.buf), "\n\x00")
	if label == "" {
		return snapshot.None[string](o)
	}
	return snapshot.See(label, o)
}

func reasonOf(err error) string {
	var e unix.Errno
	if errors.As(err, &e) {
		return lang.Untranslated(e)
	}
	return lang.Untranslated(err)
}

func (r *processReader) idMap(dir *procfs.Dir, name string) snapshot.Fact[[]snapshot.IDMap] {
	o := snapshot.At(name, dir.Where(name))
	var err error
	if r.buf, err = dir.Read(name, r.buf); err != nil {
		if errors.Is(err, fs.ErrNotExist) { // a kernel without user namespaces
			return snapshot.None[[]snapshot.IDMap](o)
		}
		return snapshot.Lost[[]snapshot.IDMap](source.GapFrom(err), o)
	}
	ids, err := procfs.ParseIDMap(r.buf)
	if err != nil {
		return snapshot.Lost[[]snapshot.IDMap](malformed(err, o.Source), o)
	}
	return snapshot.See(ids, o)
}

func malformed(err error, where string) snapshot.Gap {
	return snapshot.Gap{Reason: snapshot.ReasonMalformed, Detail: where + ": " + lang.Untranslated(err)}
}

// namespaces compares the process's namespaces with the daemon's and with the
// host's.
func (r *processReader) namespaces(dir *procfs.Dir) snapshot.Fact[map[string]snapshot.Namespace] {
	o := snapshot.At("namespaces", dir.Where("ns"))
	if r.view.namespacesGap != nil {
		return snapshot.Lost[map[string]snapshot.Namespace](*r.view.namespacesGap, o)
	}
	own, err := dir.Namespaces()
	if err != nil {
		return snapshot.Lost[map[string]snapshot.Namespace](source.GapFrom(err), o)
	}
	out := make(map[string]snapshot.Namespace, len(own))
	for kind, inode := range own {
		host := inode == r.view.namespaces[kind] || inode == r.view.hostSpaces[kind]
		out[kind] = snapshot.Namespace{Inode: inode, Host: host}
	}
	return snapshot.See(out, o)
}
