// Package livehost takes a snapshot of the machine it runs on: its engines,
// their daemons, sockets and containers, and the host around them.
//
// It only looks. It sends GET and HEAD requests to engines, reads files and
// /proc, and asks the kernel for its sockets and audit rules.
package livehost

import "seawall/source/hostfile"

// Machine is where the facts of this machine are read. Tests and a Seawall
// that runs in a container may put them elsewhere.
type Machine struct {
	Proc string // mount point of proc(5)
	Sys  string // mount point of sysfs(5)
	Root string // root of the file system
	// Files is the view of Root.
	Files *hostfile.FS

	// once, if set, keeps what is read once a snapshot.
	once *onceRead
}

// ThisMachine is the machine that this process runs on: in a container that
// shows the host's processes, the host. It is for one snapshot.
func ThisMachine() Machine {
	own := Machine{Proc: "/proc", Sys: "/sys", Root: "/", Files: hostfile.New("/"), once: newOnceRead()}
	if host, ok := behindFirst(own); ok {
		return host
	}
	return own
}
