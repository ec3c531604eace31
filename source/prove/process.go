package prove

import (
	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/procfs"
)

// process is what the kernel tells of a process.
type process struct {
	dir    *procfs.Dir
	status procfs.Status
	ids    procfs.IDs
	users  []snapshot.IDMap
	groups []snapshot.IDMap
	// host is process 1; nil of itself.
	host *process
}

// process reads the process of a request, beside the host's first one.
func (r *runner) process(q Request) (*process, error) {
	if q.PID == 0 {
		return nil, errNoProcess
	}
	p, err := readProcess(r.Machine.Proc, q.PID)
	if err != nil {
		return nil, err
	}
	if p.host, err = readProcess(r.Machine.Proc, 1); err == nil {
		err = p.same(q)
	}
	if err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// close lets the directories of the process and of process 1 go.
func (p *process) close() {
	p.dir.Close()
	if p.host != nil {
		p.host.dir.Close()
	}
}

func readProcess(proc string, pid int) (p *process, err error) {
	dir, err := procfs.OpenDir(proc, pid)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			dir.Close()
		}
	}()
	p = &process{dir: dir}
	data, err := dir.Read("status", nil)
	if err != nil {
		return nil, err
	}
	if p.status, err = procfs.ParseStatus(data); err != nil {
		return nil, err
	}
	if p.ids, err = procfs.ParseIDs(data); err != nil {
		return nil, err
	}
	if p.users, err = readMap(dir, "uid_map"); err != nil {
		return nil, err
	}
	p.groups, err = readMap(dir, "gid_map")
	return p, err
}

func readMap(dir *procfs.Dir, name string) ([]snapshot.IDMap, error) {
	data, err := dir.Read(name, nil)
	if err != nil {
		return nil, err
	}
	return procfs.ParseIDMap(data)
}

// same fails if the process is not the one that the request is about: its number
// was given to another, or it has ended.
func (p *process) same(q Request) error {
	spaces, err := p.dir.Namespaces()
	switch {
	case err != nil && !p.dir.Alive():
		return lang.RecordErrorf("process %d has ended", q.PID)
	case err != nil:
		return err
	case q.Mounts != 0 && spaces["mnt"] != q.Mounts:
		return lang.RecordErrorf("process %d is another one than was seen", q.PID)
	}
	return nil
}
