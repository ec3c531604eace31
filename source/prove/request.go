package prove

import (
	"seawall/lang"
)

// Kind is what is looked at.
type Kind string

// The kinds.
const (
	Capability     Kind = "capability"      // the process can hold the capability Name, or ALL that process 1 can
	HostNamespace  Kind = "host-namespace"  // it is in the namespace of kind Name that process 1 is in
	RootInside     Kind = "root-inside"     // it is root of its user namespace
	OrdinaryInside Kind = "ordinary-inside" // it is another user there
	RootOutside    Kind = "root-outside"    // the root of its user namespace is that of the host
	NoFilter       Kind = "no-filter"       // its system calls are not filtered
	NoLabel        Kind = "no-label"        // no security module confines it; Name is "selinux" for that one alone
	NewPrivileges  Kind = "new-privileges"  // no_new_privs is not set
	Read           Kind = "read"            // Path may be read
	Write          Kind = "write"           // Path may be written
	Owner          Kind = "owner"           // Path is the account's
	Socket         Kind = "socket"          // the unix socket at Path may be connected to
	Address        Kind = "address"         // the address Name opens over TCP
	Group          Kind = "group"           // the account is in the group Name
	Sudo           Kind = "sudo"            // the account has the sudo rule Value at Path, a file and a line
	Setting        Kind = "setting"         // the kernel's setting Name is Value
)

// Kinds are all of them.
func Kinds() []Kind {
	return []Kind{
		Capability, HostNamespace, RootInside, OrdinaryInside, RootOutside, NoFilter, NoLabel, NewPrivileges,
		Read, Write, Owner, Socket, Address, Group, Sudo, Setting,
	}
}

// Request is one thing to look at.
type Request struct {
	Kind Kind
	Path string
	// Value of a path in a container is the host's path that it must be; "" where
	// that does not matter.
	Name, Value string
	API         bool // of a socket or address: an Engine API answers
	// PID is the process that it is about, or whose rights are taken. Mounts is the
	// inode number of its mount namespace, by which it is known again; 0 if that does
	// not matter.
	PID    int
	Mounts uint64
	// Root: as root of the process's user namespace, with its bounding set.
	Root bool
	// OnHost: as an account of the host; User is its name, "" for one without rights.
	OnHost bool
	User   string
}

// who is the one who is asked as.
func (r Request) who() string {
	switch {
	case r.OnHost && r.User == "":
		return lang.N("an account without rights")
	case r.OnHost:
		return "user " + r.User
	case r.Root:
		return lang.Recordf("root in the container of process %d", r.PID)
	}
	return lang.Recordf("process %d", r.PID)
}

// State is what came of a request.
type State string

// The states.
const (
	Holds   State = "holds"
	Fails   State = "fails"
	Untried State = "untried" // nothing is known
)

// Outcome is what came of a request.
type Outcome struct {
	State State
	// Tried is what was done, and Found what it gave, or why nothing was done; both
	// are in words.
	Tried, Found string
}

func untried(err error) Outcome { return Outcome{State: Untried, Found: err.Error()} }

// sure is the outcome of something that was looked at.
func sure(holds bool, tried, found string) Outcome {
	o := Outcome{State: Fails, Tried: tried, Found: found}
	if holds {
		o.State = Holds
	}
	return o
}
