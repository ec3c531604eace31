package livehost

import (
	"path"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/hostfile"
	"seawall/source/procfs"
)

// bound is a file or directory of the host inside a container.
type bound struct {
	view           *hostfile.FS
	source, inside string
	other          bool // a volume or tmpfs: it is not the host's, and hides what is below
}

// collectBound describes, for every container of a local engine, what of the host
// its bind mounts bring in, and what of that it starts.
func collectBound(m Machine, e *snapshot.Engine) {
	containers, _ := e.Containers.Peek()
	b := &binds{m: m, seen: map[string]described{}}
	if p, known := e.Daemon.Process.Peek(); known && p.PID > 0 {
		b.daemon = viewOf(m, p.PID)
	}
	for i := range containers {
		containers[i].BoundFiles = b.files(&containers[i])
	}
}

// binds describes what is bound into containers, each path once.
type binds struct {
	m      Machine
	daemon *hostfile.FS // nil: the daemon was not found
	seen   map[string]described
}

type described struct {
	file snapshot.File
	err  error
}

func (b *binds) files(c *snapshot.Container) snapshot.Fact[[]snapshot.File] {
	o := snapshot.At("bound files", "stat")
	mounts, known := c.Mounts.Peek()
	if !known {
		return snapshot.Lost[[]snapshot.File](c.Mounts.Gap(), o)
	}
	list, gap := b.of(c, mounts)
	if gap != nil {
		return snapshot.Lost[[]snapshot.File](*gap, o)
	}
	out := []snapshot.File{}
	for _, file := range list {
		if file.other {
			continue
		}
		if gap := b.add(&out, file.view, snapshot.RoleBindSource, file.source); gap != nil {
			return snapshot.Lost[[]snapshot.File](*gap, o)
		}
	}
	if len(out) > 0 {
		b.started(&out, c, list)
	}
	return snapshot.See(out, o)
}

// of lists what is mounted in a container: as the kernel shows it where it does,
// with the host's names, else by the settings, with the daemon's.
func (b *binds) of(c *snapshot.Container, mounts []snapshot.Mount) ([]bound, *snapshot.Gap) {
	var out []bound
	p, _ := c.Process.Peek()
	shown, kernel := p.HostMounts.Peek()
	if kernel = kernel && p.HostMounts.State() == snapshot.Seen; kernel {
		for _, m := range shown {
			out = append(out, bound{view: b.m.Files, source: m.Source, inside: m.Destination})
		}
	}
	for _, m := range mounts {
		switch {
		case m.HostPath() == "":
			out = append(out, bound{inside: path.Clean(m.Destination), other: true})
		case kernel:
		case b.daemon == nil:
			return nil, &snapshot.Gap{Reason: snapshot.ReasonNotCollected, Detail: lang.N("the engine's daemon was not found, by whose files mounts are named")}
		default:
			out = append(out, bound{view: b.daemon, source: path.Clean(m.HostPath()), inside: path.Clean(m.Destination)})
		}
	}
	return out, nil
}

// add describes a file or directory; what is neither, or is not there, is left out.
func (b *binds) add(out *[]snapshot.File, view *hostfile.FS, role, name string) *snapshot.Gap {
	where := view.Where(name)
	d, known := b.seen[where]
	if !known {
		d.file, d.err = view.Stat(name, role)
		d.file.Path = where
		b.seen[where] = d
	}
	switch {
	case missing(d.err):
		return nil
	case d.err != nil:
		return gapPtr(d.err)
	case d.file.Type == "file" || d.file.Type == "dir":
		d.file.Role = role
		*out = append(*out, d.file)
	}
	return nil
}

// started adds the files among those mounted that the container's command names:
// its first word and the program that runs, and then what that is given. One that
// a link leads away from is left out.
func (b *binds) started(out *[]snapshot.File, c *snapshot.Container, list []bound) {
	dir, program := b.runs(c)
	command, _ := c.Command.Peek()
	if program != "" {
		b.name(out, list, snapshot.RoleBindProgram, program)
	}
	for i, word := range command {
		if strings.Contains(word, snapshot.Redacted) || strings.HasPrefix(word, "-") || !path.IsAbs(word) && (dir == "" || i == 0 && !strings.Contains(word, "/")) {
			continue
		}
		role := snapshot.RoleBindArgument
		if i == 0 {
			role = snapshot.RoleBindProgram
		}
		if !path.IsAbs(word) {
			word = path.Join(dir, word)
		}
		b.name(out, list, role, path.Clean(word))
	}
}

// runs is the working directory and the program of the container's first process,
// as it sees them; "" where it does not run or that is not to be read.
func (b *binds) runs(c *snapshot.Container) (dir, program string) {
	p, _ := c.Process.Peek()
	if c.Process.State() != snapshot.Seen || p.PID == 0 {
		return "", ""
	}
	d, err := procfs.OpenDir(b.m.Proc, p.PID)
	if err != nil {
		return "", ""
	}
	defer d.Close()
	dir, _ = d.Link("cwd")
	program, _ = d.Link("exe")
	if !d.Alive() {
		return "", ""
	}
	return dir, program
}

// name adds the host's file behind a path of the container.
func (b *binds) name(out *[]snapshot.File, list []bound, role, inside string) {
	at := -1
	for i := range list {
		if _, within := procfs.Below(list[i].inside, inside); within && (at < 0 || len(list[i].inside) >= len(list[at].inside)) {
			at = i
		}
	}
	if at < 0 || list[at].other {
		return
	}
	rest, _ := procfs.Below(list[at].inside, inside)
	file := path.Join(list[at].source, rest)
	real, info, err := list[at].view.Find(file)
	top, err2 := list[at].view.Real(list[at].source)
	if err != nil || err2 != nil || !info.Mode.IsRegular() {
		return
	}
	if _, within := procfs.Below(top, real); !within || slices.ContainsFunc(*out, func(f snapshot.File) bool {
		return f.Role != snapshot.RoleBindSource && f.Path == list[at].view.Where(file)
	}) {
		return
	}
	b.add(out, list[at].view, role, file) // a gap would be that of the source
}
