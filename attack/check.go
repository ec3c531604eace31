package attack

import (
	"slices"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// CheckKind is what a check looks at.
type CheckKind string

// The kinds of checks.
const (
	// HasCapability: processes can hold the capability Name; "ALL" for all that
	// the host's first process can.
	HasCapability CheckKind = "capability"
	// SharesNamespace: the process is in the host's namespace of the kind Name.
	SharesNamespace CheckKind = "host-namespace"
	// RootInside: the process is root of its user namespace; OrdinaryInside: it is
	// another user there. RootOutside: the root of its user namespace is the host's.
	RootInside     CheckKind = "root-inside"
	OrdinaryInside CheckKind = "ordinary-inside"
	RootOutside    CheckKind = "root-outside"
	// Unfiltered: no filter of system calls; Unlabelled: no security module;
	// GainsPrivileges: no_new_privs is not set.
	Unfiltered      CheckKind = "no-filter"
	Unlabelled      CheckKind = "no-label"
	GainsPrivileges CheckKind = "new-privileges"
	// ReadsPath, WritesPath: access(2) would let the one who moves read or write
	// Path. OwnsPath: it is theirs.
	ReadsPath  CheckKind = "read"
	WritesPath CheckKind = "write"
	OwnsPath   CheckKind = "owner"
	// OpensSocket: the unix socket at Path may be connected to; OpensAddress: the
	// address Name opens over TCP.
	OpensSocket  CheckKind = "socket"
	OpensAddress CheckKind = "address"
	// InGroup: the account is in the group Name. HasSudoRule: line Path, a file and
	// a number, is still a rule for Value.
	InGroup     CheckKind = "group"
	HasSudoRule CheckKind = "sudo"
	// SettingIs: the kernel's setting Name is Value.
	SettingIs CheckKind = "setting"
)

// CheckKinds are all kinds.
func CheckKinds() []CheckKind {
	return []CheckKind{
		HasCapability, SharesNamespace, RootInside, OrdinaryInside, RootOutside, Unfiltered, Unlabelled, GainsPrivileges,
		ReadsPath, WritesPath, OwnsPath, OpensSocket, OpensAddress, InGroup, HasSudoRule, SettingIs,
	}
}

// Check says what to look at on the host, without doing any harm, to see that
// something a move rests on is so. Conditions and instances give what is theirs;
// who it is tried as is filled in by [Move.Checks].
type Check struct {
	Kind  CheckKind
	Path  string // as who tries it sees it
	Name  string
	Value string // of a path in a container: the host's path that it must be
	// API: an Engine API answers at the socket or address.
	API bool
	// Engine: it is about the process of the engine's daemon.
	Engine bool

	// PID is the process that it is about, or whose rights are taken, by the host's
	// number, and Mounts the inode number of its mount namespace, by which it is
	// known again; 0 where that was not seen.
	PID    int
	Mounts uint64
	// Root: as root of the container, with all that it can hold, and not as the
	// process's own user.
	Root bool
	// OnHost: as an account of the host; User is its name, "" for one without any
	// rights.
	OnHost bool
	User   string
}

// Checks are what shows that a move is there, and in words what of it no check
// shows. What follows from what was read, without more to be seen, is neither.
func (v *Move) Checks() (checks []Check, unchecked []string) {
	if v.site == nil {
		return nil, nil
	}
	for _, c := range alternatives(v.Step.Needs)[v.way] {
		var of []Check
		if c.Check != nil {
			of = c.Check(&Query{Site: v.site})
		}
		if c.Check == nil || len(of) == 0 && c.Ask(&Query{Site: v.site}) == Unknown {
			unchecked = append(unchecked, lang.T(c.Says))
		}
		checks = append(checks, of...)
	}
	if i := v.instance; i != nil {
		checks = append(checks, i.Checks...)
		if i.Checks == nil && (i.Origin.Path != "" || i.Unknown) {
			unchecked = append(unchecked, strings.TrimSuffix(v.Step.Title+": "+i.What, ": "))
		}
	}
	var out []Check
	for _, c := range checks {
		if c = v.as(c); !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out, unchecked
}

// as fills in whom a check is about or tried as: the engine's daemon, the account
// that the move is from, or the container of the site or that the move is from.
func (v *Move) as(c Check) Check {
	from := v.From[0]
	at, local := v.container()
	switch {
	case c.Kind == SettingIs:
	case c.Engine:
		c.PID = daemonPID(v.site.Engine)
	case from.Kind == LocalUser || from.Kind == Account:
		c.OnHost, c.User = true, from.Name
	case at != nil:
		c.Root = from.Kind == ContainerRoot
		if local {
			c.PID, c.Mounts = processOf(at)
		}
	}
	return c
}

// container is the container that a move is made in, and whether it runs on this
// machine; nil if it is made in none.
func (v *Move) container() (c *snapshot.Container, local bool) {
	if v.site.Container != nil {
		return v.site.Container, v.site.Engine.Local
	}
	holder, is := v.From[0].holder()
	if !is {
		return nil, false
	}
	for i := range v.site.Snapshot.Engines {
		e := &v.site.Snapshot.Engines[i]
		containers, _ := e.Containers.Peek()
		at := slices.IndexFunc(containers, func(c snapshot.Container) bool { return c.Name == holder.name })
		if e.Name == holder.engine && at >= 0 {
			return &containers[at], e.Local
		}
	}
	return nil, false
}

func daemonPID(e *snapshot.Engine) int {
	p, _ := e.Daemon.Process.Peek()
	if !e.Local {
		return 0
	}
	return p.PID
}

func processOf(c *snapshot.Container) (pid int, mounts uint64) {
	p, _ := c.Process.Peek()
	spaces, _ := p.Namespaces.Peek()
	return p.PID, spaces["mnt"].Inode
}
