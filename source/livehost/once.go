package livehost

import (
	"cmp"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"seawall/source/procfs"
)

// onceRead remembers what a snapshot needs several times and costs much to
// read where there are hundreds of containers: the sockets that each process
// has open, the socket tables of each network namespace, and the mounts of each
// mount namespace.
type onceRead struct {
	once      sync.Once
	processes []openSockets
	err       error

	mu     sync.Mutex
	tables map[string]held         // by the link /proc/PID/ns/net
	trees  map[string]*procfs.Tree // by mount namespace and root of the process
}

func newOnceRead() *onceRead {
	return &onceRead{tables: map[string]held{}, trees: map[string]*procfs.Tree{}}
}

// openSockets are the sockets of one process.
type openSockets struct {
	pid    int
	inodes []uint64
	err    error // why they could not be read
}

// openSockets lists the open sockets of all processes, in ascending order of
// their numbers. It looks once a snapshot.
func (m Machine) openSockets() ([]openSockets, error) {
	if m.once == nil {
		return scanSockets(m.Proc)
	}
	m.once.once.Do(func() { m.once.processes, m.once.err = scanSockets(m.Proc) })
	return m.once.processes, m.once.err
}

// scanSockets reads the descriptors of all processes.
func scanSockets(proc string) ([]openSockets, error) {
	pids, err := procfs.PIDs(proc)
	if err != nil {
		return nil, err
	}
	out := make([]openSockets, len(pids))
	eachShare(len(pids), func(from, to int) {
		for i := from; i < to; i++ {
			out[i] = readSockets(proc, pids[i])
		}
	})
	return out, nil
}

// eachShare calls do for equal shares of the numbers below n, one for each of a
// few processors, at the same time, and returns when all calls have.
func eachShare(n int, do func(from, to int)) {
	workers := min(runtime.GOMAXPROCS(0), 4)
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() { do(n*w/workers, n*(w+1)/workers) })
	}
	all.Wait()
}

func readSockets(proc string, pid int) openSockets {
	s := openSockets{pid: pid}
	dir, err := procfs.OpenDir(proc, pid)
	if err != nil {
		s.err = err
		return s
	}
	defer dir.Close()
	s.err = dir.Sockets(func(inode uint64) { s.inodes = append(s.inodes, inode) })
	return s
}

// listening are the listening sockets of a process's network namespace, read
// once a snapshot for each namespace that can be told. The caller must not
// change the lists.
func (m Machine) listening(dir *procfs.Dir) (held, error) {
	if m.once == nil {
		return listening(dir)
	}
	namespace, err := dir.Link("ns/net")
	if err != nil {
		return listening(dir)
	}
	m.once.mu.Lock()
	defer m.once.mu.Unlock()
	if table, ok := m.once.tables[namespace]; ok {
		return table, nil
	}
	table, err := listening(dir)
	if err == nil {
		m.once.tables[namespace] = table
	}
	return table, err
}

// socketsOf are the open sockets of one process.
func (m Machine) socketsOf(pid int) openSockets {
	if m.once == nil {
		return readSockets(m.Proc, pid)
	}
	list, err := m.openSockets()
	if err != nil {
		return openSockets{pid: pid, err: err}
	}
	i, known := slices.BinarySearchFunc(list, pid, func(s openSockets, pid int) int { return cmp.Compare(s.pid, pid) })
	if !known { // started since
		return readSockets(m.Proc, pid)
	}
	return list[i]
}

// tree is the tree of mounts that a mountinfo file shows. Processes with the
// same mount namespace and root see the same.
func (m Machine) tree(mountinfo string) (*procfs.Tree, error) {
	if m.once == nil {
		return readTree(mountinfo)
	}
	key := mountinfo
	namespace, err1 := os.Readlink(filepath.Join(filepath.Dir(mountinfo), "ns/mnt"))
	root, err2 := os.Readlink(filepath.Join(filepath.Dir(mountinfo), "root"))
	if err1 == nil && err2 == nil {
		key = namespace + " " + root
	}
	m.once.mu.Lock()
	defer m.once.mu.Unlock()
	if tree, ok := m.once.trees[key]; ok {
		return tree, nil
	}
	tree, err := readTree(mountinfo)
	if err == nil {
		m.once.trees[key] = tree
	}
	return tree, err
}
