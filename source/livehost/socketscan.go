package livehost

import (
	"cmp"
	"runtime"
	"slices"
	"sync"

	"seawall/source/procfs"
)

// socketScan remembers what a snapshot needs several times and costs much to
// read where there are hundreds of containers: the sockets that each process
// has open, and the socket tables of each network namespace.
type socketScan struct {
	once      sync.Once
	processes []openSockets
	err       error

	mu     sync.Mutex
	tables map[string]held // by the link /proc/PID/ns/net
}

func newSocketScan() *socketScan { return &socketScan{tables: map[string]held{}} }

// openSockets are the sockets of one process.
type openSockets struct {
	pid    int
	inodes []uint64
	err    error // why they could not be read
}

// openSockets lists the open sockets of all processes, in ascending order of
// their numbers. It looks once a snapshot.
func (m Machine) openSockets() ([]openSockets, error) {
	if m.scan == nil {
		return scanSockets(m.Proc)
	}
	m.scan.once.Do(func() { m.scan.processes, m.scan.err = scanSockets(m.Proc) })
	return m.scan.processes, m.scan.err
}

// scanSockets reads the descriptors of all processes.
func scanSockets(proc string) ([]openSockets, error) {
	pids, err := procfs.PIDs(proc)
	if err != nil {
		return nil, err
	}
	out := make([]openSockets, len(pids))
	var all sync.WaitGroup
	workers := min(runtime.GOMAXPROCS(0), 4)
	for w := range workers {
		all.Go(func() {
			for i := w; i < len(pids); i += workers {
				out[i] = readSockets(proc, pids[i])
			}
		})
	}
	all.Wait()
	return out, nil
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
	if m.scan == nil {
		return listening(dir)
	}
	namespace, err := dir.Link("ns/net")
	if err != nil {
		return listening(dir)
	}
	m.scan.mu.Lock()
	defer m.scan.mu.Unlock()
	if table, ok := m.scan.tables[namespace]; ok {
		return table, nil
	}
	table, err := listening(dir)
	if err == nil {
		m.scan.tables[namespace] = table
	}
	return table, err
}

// socketsOf are the open sockets of one process.
func (m Machine) socketsOf(pid int) openSockets {
	if m.scan == nil {
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
