package observe

import (
	"context"
	"strings"
	"time"

	"seawall/lang"
)

// Options say what to watch.
type Options struct {
	// Names are the containers to watch, by name, service, or the beginning of an
	// id; all if there are none.
	Names []string
	// SyscallWindow is for how long system calls are recorded after one was seen that
	// is new to its container, or after a container has started; 0 records none. While
	// they are recorded, each system call on the machine takes longer.
	SyscallWindow time.Duration
	// Interval is how often the kernel's counts are read; one second if zero.
	Interval time.Duration
	// List tells which containers there are. It is asked when one comes up that it
	// has not named. May be nil.
	List func(context.Context) ([]Known, error)
	// Tool is the version of Seawall, for the observation.
	Tool string
	// Hook is the only way of seeing capability checks to try: "fexit", "tracepoint"
	// or "kprobe". Empty: the best that the kernel has.
	Hook string

	// room, in tests, is how many rows each of the kernel's maps has.
	room map[string]uint32
}

// Known is what an engine tells of a container.
type Known struct {
	ID, Name, Image, ImageID, Engine, Project, Service string
}

// Is reports whether a person who says name means this container: its name, its service,
// or the beginning of its id.
func (k Known) Is(name string) bool {
	return name != "" && (name == k.Name || name == k.Service || strings.HasPrefix(k.ID, name))
}

// Why watching is impossible.
var (
	// ErrPermission: the kernel refuses.
	ErrPermission = lang.Sentinel("watching in the kernel is not permitted: run as root, or with CAP_BPF and CAP_PERFMON")
	// ErrNoBTF: the kernel does not describe its types.
	ErrNoBTF = lang.Sentinel("this kernel has no BTF (/sys/kernel/btf/vmlinux): watching needs a kernel with CONFIG_DEBUG_INFO_BTF=y, as all larger distributions have")
	// ErrOld: something is missing that Linux 5.15 has.
	ErrOld = lang.Sentinel("this kernel cannot be watched: it takes Linux 5.15 or later, on x86-64 or arm64")
)
