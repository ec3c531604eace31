package livehost

import (
	"path/filepath"
	"regexp"
	"slices"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
	"seawall/source/procfs"
)

// maxPrograms bounds the programs listed for one container.
const maxPrograms = 256

// programTable is what all processes of this machine run, by the container
// that they are in. It is made once and then only read.
type programTable struct {
	where    string
	gap      *snapshot.Gap
	names    map[int]string
	children map[int][]int
	inCgroup map[string][]int // by the ids of containers in the path
}

// anyContainerID matches the ids of containers anywhere in a cgroup file.
var anyContainerID = regexp.MustCompile(`[0-9a-f]{64}`)

// readPrograms reads name, parent and cgroup of every process; anyone may. A
// proc mounted with hidepid shows an ordinary user only some of them: then not
// even process 1 can be read.
func readPrograms(proc string) programTable {
	t := programTable{
		where: filepath.Join(proc, "*/stat"),
		names: map[int]string{}, children: map[int][]int{}, inCgroup: map[string][]int{},
	}
	pids, err := procfs.PIDs(proc)
	if err == nil {
		t.read(proc, pids)
		if _, seen := t.names[1]; !seen {
			err = lang.RecordErrorf("%s/1/stat cannot be read: processes of others are hidden", proc)
		}
	}
	if err != nil {
		g := source.GapFrom(err)
		g.Remedy = source.PermissionRemedy()
		t.gap = &g
	}
	return t
}

// programOf is what is read of one process; one that has ended has no name.
type programOf struct {
	procfs.Name
	known      bool
	containers []string // whose ids are in its cgroups
}

// read fills the table.
func (t *programTable) read(proc string, pids []int) {
	list := make([]programOf, len(pids))
	eachShare(len(pids), func(from, to int) {
		var buf []byte
		for i := from; i < to; i++ {
			list[i], buf = readProgram(proc, pids[i], buf)
		}
	})
	for i, p := range list {
		if !p.known {
			continue
		}
		t.names[pids[i]] = p.Comm
		t.children[p.PPid] = append(t.children[p.PPid], pids[i])
		for _, id := range p.containers {
			t.inCgroup[id] = append(t.inCgroup[id], pids[i])
		}
	}
}

func readProgram(proc string, pid int, buf []byte) (p programOf, _ []byte) {
	dir, err := procfs.OpenDir(proc, pid)
	if err != nil {
		return p, buf
	}
	defer dir.Close()
	if p.Name, buf, err = dir.Name(buf); err != nil {
		return p, buf
	}
	p.known = true
	if buf, err = dir.Read("cgroup", buf); err == nil {
		p.containers = anyContainerID.FindAllString(string(buf), -1)
		slices.Sort(p.containers)
		p.containers = slices.Compact(p.containers)
	}
	return p, buf
}

// of names the programs of a container: those in its cgroups, where those who
// entered it later are too, and those that descend from its first process,
// where the engine manages no cgroups (rootless on cgroup v1).
func (t *programTable) of(id string, first int) snapshot.Fact[[]string] {
	o := snapshot.At("programs", t.where)
	if t.gap != nil {
		return snapshot.Lost[[]string](*t.gap, o)
	}
	out := []string{}
	seen := map[int]bool{}
	for queue := append([]int{first}, t.inCgroup[id]...); len(queue) > 0; queue = queue[1:] {
		pid := queue[0]
		if seen[pid] {
			continue
		}
		seen[pid] = true
		if name, ok := t.names[pid]; ok {
			out = append(out, name)
		}
		queue = append(queue, t.children[pid]...)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if len(out) > maxPrograms {
		return snapshot.Lost[[]string](snapshot.Gap{
			Reason: snapshot.ReasonUnsupported,
			Detail: lang.Recordf("the container runs %d different programs, more than are listed", len(out)),
		}, o)
	}
	return snapshot.See(out, o)
}
