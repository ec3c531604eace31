package livehost

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"

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
		var buf []byte
		for _, pid := range pids {
			buf = t.add(proc, pid, buf)
		}
		if _, seen := t.names[1]; !seen {
			err = fmt.Errorf("%s/1/stat cannot be read: processes of others are hidden", proc)
		}
	}
	if err != nil {
		g := source.GapFrom(err)
		g.Remedy = source.PermissionRemedy()
		t.gap = &g
	}
	return t
}

// add reads one process. One that has ended is left out.
func (t *programTable) add(proc string, pid int, buf []byte) []byte {
	dir, err := procfs.OpenDir(proc, pid)
	if err != nil {
		return buf
	}
	defer dir.Close()
	name, buf, err := dir.Name(buf)
	if err != nil {
		return buf
	}
	t.names[pid] = name.Comm
	t.children[name.PPid] = append(t.children[name.PPid], pid)
	if buf, err = dir.Read("cgroup", buf); err == nil {
		for _, id := range slices.Compact(anyContainerID.FindAllString(string(buf), -1)) {
			if list := t.inCgroup[id]; len(list) == 0 || list[len(list)-1] != pid {
				t.inCgroup[id] = append(list, pid)
			}
		}
	}
	return buf
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
			Detail: fmt.Sprintf("the container runs %d different programs, more than are listed", len(out)),
		}, o)
	}
	return snapshot.See(out, o)
}
