package confinement

import (
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// Kind is a kind of namespace, by its name below /proc/PID/ns.
type Kind string

// The kinds of namespaces that have a mode in a container's settings. Only the
// first three can be another container's.
const (
	NetNS    Kind = "net"
	PIDNS    Kind = "pid"
	IPCNS    Kind = "ipc"
	UTSNS    Kind = "uts"
	CgroupNS Kind = "cgroup"
)

// Mode is the container's setting for the kind.
func (k Kind) Mode(c *snapshot.Container) snapshot.Fact[string] {
	switch k {
	case NetNS:
		return c.NetworkMode
	case PIDNS:
		return c.PidMode
	case IPCNS:
		return c.IpcMode
	case UTSNS:
		return c.UTSMode
	}
	return c.CgroupnsMode
}

// Share says whose namespace a container is in.
type Share struct {
	// Host: it is the host's.
	Host bool
	// Via are the containers through which it is, nearest first.
	Via []string
}

// maxJoins bounds chains of containers that join each other's namespaces. The
// engine refuses to make a loop; a snapshot could hold one.
const maxJoins = 16

// Namespace resolves the container's namespace of a kind. "container:X" is
// followed to X and beyond; where X is not to be found, the kernel's view of
// the process decides, and without it the question is recorded as missed.
func Namespace(w snapshot.Witness, e *snapshot.Engine, c *snapshot.Container, k Kind) Share {
	var share Share
	for at := c; ; {
		setting := k.Mode(at)
		mode, known := setting.Try(w)
		target, joins := strings.CutPrefix(mode, "container:")
		switch {
		case !known:
			share.Host = kernelHost(w, c, k)
			return share
		case !joins:
			share.Host = mode == "host"
			return share
		}
		next := Find(w, e, target)
		if next == nil || len(share.Via) == maxJoins {
			share.Via = append(share.Via, target)
			share.Host = kernelHost(w, c, k)
			if !kernelTells(c, k) {
				w.Missed(setting.Origin(), snapshot.Gap{
					Reason: snapshot.ReasonUnresolved,
					Detail: lang.Sprintf("container %s, whose namespace it joins, is not among the engine's containers", target),
					Remedy: lang.T("audit it together with that container"),
				})
			}
			return share
		}
		share.Via = append(share.Via, next.Name)
		at = next
	}
}

// kernelHost reports whether the kernel shows the process in the host's
// namespace.
func kernelHost(w snapshot.Witness, c *snapshot.Container, k Kind) bool {
	p := ProcessOf(w, c)
	if !p.Runs {
		return false
	}
	spaces, _ := p.Namespaces.Try(w)
	return spaces[string(k)].Host
}

func kernelTells(c *snapshot.Container, k Kind) bool {
	spaces, _ := peekProcess(c).Namespaces.Peek()
	_, tells := spaces[string(k)]
	return tells
}

// minIDPrefix is the length from which a container is known by the beginning
// of its id.
const minIDPrefix = 12

// Find finds a container of the engine by its name or id; nil if there is none.
// If the list of containers cannot be read, that is recorded.
func Find(w snapshot.Witness, e *snapshot.Engine, ref string) *snapshot.Container {
	list, _ := e.Containers.Look(w)
	for i := range list {
		if Means(ref, &list[i]) {
			return &list[i]
		}
	}
	return nil
}

// Means reports whether a reference is the container's name or id.
func Means(ref string, c *snapshot.Container) bool {
	ref = strings.TrimPrefix(ref, "/")
	return c.Name == ref || len(ref) >= minIDPrefix && strings.HasPrefix(c.ID, ref)
}
