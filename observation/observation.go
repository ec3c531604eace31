package observation

import (
	"time"

	"seawall/snapshot"
)

// Format names the format; its JSON schema is docs/schema/observation-1.json. The
// number grows when a reader of the old one would misunderstand a new one.
const Format = "seawall.observation/1"

// Observation is what was seen on one host in one or more watches.
type Observation struct {
	Format string `json:"format"`
	// Tool is the version of Seawall that watched.
	Tool string `json:"tool"`
	Host Host   `json:"host"`
	// Watches are the spans of time that were watched, by their start.
	Watches []Watch `json:"watches"`
	// Containers that ran meanwhile, by name, then id.
	Containers []Container `json:"containers"`
	// Unnamed counts the mount namespaces that no container was found for:
	// services with private files, or containers that ended too soon.
	Unnamed int  `json:"unnamed"`
	Lost    Lost `json:"lost"`
	// Gaps say what could not be seen.
	Gaps []snapshot.Gap `json:"gaps"`
}

// Host is the machine that was watched.
type Host struct {
	Name   string `json:"name"`
	Kernel string `json:"kernel"`
	// Machine is the architecture, as uname -m names it; empty: x86_64.
	Machine string `json:"machine,omitempty"`
}

// Watch is a span of time in which one observer watched.
type Watch struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	// Hook is where capability checks were seen: "fexit", "tracepoint" or "kprobe".
	Hook string `json:"hook"`
	// Syscalls: system calls were recorded, if not all the time.
	Syscalls bool `json:"syscalls"`
	// Ended: the observer ended in order. Otherwise it was cut off, and To is when it
	// last wrote.
	Ended bool `json:"ended"`
}

// Lost counts what happened while there was no room for it.
type Lost struct {
	Containers   uint64 `json:"containers"`
	Capabilities uint64 `json:"capabilities"`
	Syscalls     uint64 `json:"syscalls"`
	Sockets      uint64 `json:"sockets"`
	// Sessions are processes of exec sessions that count as the container's own.
	Sessions uint64 `json:"sessions"`
	// Files are changes of files.
	Files uint64 `json:"files,omitempty"`
}

// Any reports whether anything was lost.
func (l Lost) Any() bool { return l != Lost{} }

func (l Lost) plus(o Lost) Lost {
	return Lost{
		Containers: l.Containers + o.Containers, Capabilities: l.Capabilities + o.Capabilities,
		Syscalls: l.Syscalls + o.Syscalls, Sockets: l.Sockets + o.Sockets, Sessions: l.Sessions + o.Sessions, Files: l.Files + o.Files,
	}
}

// Session says in which way a process came into a container.
type Session string

// Sessions.
const (
	// Workload is what the container was started for, and all that it started.
	Workload Session = "workload"
	// Exec is what was brought in later: docker exec, a health check, nsenter.
	Exec Session = "exec"
)

// Container is what was seen of one container.
type Container struct {
	ID string `json:"id"`
	// Name, Image, ImageID, Engine, Project and Service are as the engine told;
	// empty if it was not asked in time.
	Name    string `json:"name,omitempty"`
	Image   string `json:"image,omitempty"`
	ImageID string `json:"imageId,omitempty"`
	Engine  string `json:"engine,omitempty"`
	Project string `json:"project,omitempty"` // of Compose
	Service string `json:"service,omitempty"` // of Compose
	// Bounding is the most that its processes can hold, as the kernel told when it
	// started; nil if that was not seen.
	Bounding *snapshot.CapSet `json:"bounding,omitempty"`
	Watched  Watched          `json:"watched"`
	// Capabilities that were asked for, by name, then in the order in which they
	// were first seen.
	Capabilities []Capability `json:"capabilities"`
	// Syscalls by session; a session without any is left out.
	Syscalls []Syscalls `json:"syscalls"`
	Sockets  []Socket   `json:"sockets"`
	// Written are the directories outside of volumes in which something was changed, by
	// their path in the container; whole if [Container.FilesKnown].
	Written []Written `json:"written,omitempty"`
	Lost    Lost      `json:"lost"`
}

// Watched is what an observation of a container rests on.
type Watched struct {
	// Seconds that it ran while it was watched, and those of them in which system
	// calls were recorded.
	Seconds        float64 `json:"seconds"`
	SyscallSeconds float64 `json:"syscallSeconds"`
	// Starts that were seen from the first instruction on.
	Starts int `json:"starts"`
	// Joined are runs that were under way when the watch began.
	Joined int `json:"joined"`
	// Ends are runs that were seen to their end.
	Ends int `json:"ends"`
	// Execs are the exec sessions that were started meanwhile.
	Execs int `json:"execs"`
	// Recorded are the runs in which changed files were recorded: it takes a kernel that
	// tells of them, and a root file system that is an overlay.
	Recorded int `json:"recorded,omitempty"`
	// Looked are the runs in which open sockets were looked at now and then, which shows
	// UDP ports, and TCP ports that were listened on before the watch.
	Looked int `json:"looked,omitempty"`
}

// Restarts are the starts of a container that had run before in the same observation.
func (w Watched) Restarts() int { return max(0, w.Starts+w.Joined-1) }

// Outcome is the kernel's answer to a check.
type Outcome string

// Outcomes.
const (
	Granted Outcome = "granted"
	Denied  Outcome = "denied"
)

// Aside says why a check tells nothing of what a container needs.
type Aside string

// Reasons to set a check aside.
const (
	// NoEffect: with these arguments the answer makes no difference to the call.
	NoEffect Aside = "no-effect"
	// Overcommit: asked whenever memory is reckoned up.
	Overcommit Aside = "overcommit"
	// Probe: the kernel itself asks without meaning it (CAP_OPT_NOAUDIT).
	Probe Aside = "probe"
)

// Capability is one kind of check: of a capability, in a system call, with an answer.
type Capability struct {
	// Capability is its name without CAP_.
	Capability string  `json:"capability"`
	Outcome    Outcome `json:"outcome"`
	Session    Session `json:"session"`
	// Aside is empty for a check that counts.
	Aside Aside `json:"aside,omitempty"`
	// Syscall is empty where the kernel asked outside of one.
	Syscall string `json:"syscall,omitempty"`
	// Argument is what the first such call was about: a path, a number.
	Argument string `json:"argument,omitempty"`
	// Process, PID and UID are of the first. The PID is the container's, the UID
	// the host's.
	Process string `json:"process"`
	PID     int    `json:"pid"`
	UID     int    `json:"uid"`
	// First is when, and AfterStart how many seconds after the container's start;
	// nil if that was not seen.
	First      time.Time `json:"first"`
	AfterStart *float64  `json:"afterStart,omitempty"`
	Count      uint64    `json:"count"`
}

// Syscalls are the system calls of a session, by name.
type Syscalls struct {
	Session Session  `json:"session"`
	Names   []string `json:"names"`
	// Runtime are those that the container runtime made in the container while its
	// seccomp filter was in force: a profile without them keeps it from starting.
	Runtime []string `json:"runtime,omitempty"`
	// Compat counts 32-bit calls, Unknown those that this version has no name for.
	// Neither are among the names.
	Compat  uint64 `json:"compat,omitempty"`
	Unknown uint64 `json:"unknown,omitempty"`
}

// Kind is what a socket was used for.
type Kind string

// Kinds of sockets.
const (
	Listen  Kind = "listen"
	Connect Kind = "connect"
)

// Socket is a TCP port that was listened on, a UDP port that a socket was bound to, or an
// address that a connection was begun to. Whether it came about is not told.
type Socket struct {
	Kind     Kind      `json:"kind"`
	Session  Session   `json:"session"`
	Protocol string    `json:"protocol"` // "tcp", "udp" or, with other numbers of IP, "ip-N"
	Address  string    `json:"address"`  // address and port
	Process  string    `json:"process"`
	PID      int       `json:"pid"`
	First    time.Time `json:"first"`
	Count    uint64    `json:"count"`
	// Accepted are the connections that came about where it was listened.
	Accepted uint64 `json:"accepted,omitempty"`
}

// Written is a directory in which something was changed: a file in it, or which it has.
type Written struct {
	Directory string  `json:"directory"`
	Session   Session `json:"session"`
	// Name is the file that was changed first, cut at 31 bytes; empty where an entry was
	// made or removed first.
	Name    string    `json:"name,omitempty"`
	Process string    `json:"process"`
	PID     int       `json:"pid"`
	First   time.Time `json:"first"`
	Count   uint64    `json:"count"`
}
