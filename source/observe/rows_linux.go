//go:build amd64 || arm64

package observe

import (
	"cmp"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"seawall/observation"
	"seawall/snapshot"
)

// clock turns the kernel's monotonic time into that of the wall.
type clock struct{ boot time.Time }

func (c clock) at(ns uint64) time.Time {
	return c.boot.Add(time.Duration(ns)).UTC().Truncate(time.Millisecond)
}

// Flags of a check, as in bpf/rows.h.
const (
	asideNoEffect   = 1
	asideOvercommit = 2
	asideQuiet      = 4
	compat          = 8
)

// container makes of the rows of a mount namespace what is reported. Its times are
// filled in by the caller.
func (f *frame) container(ns uint64, at clock) observation.Container {
	raw := f.containers[ns]
	c := observation.Container{
		Lost: observation.Lost{Capabilities: uint64(raw.LostCaps), Sockets: uint64(raw.LostSockets), Syscalls: uint64(raw.LostSyscalls), Files: uint64(raw.LostFiles)},
	}
	if raw.Main != 0 {
		set := snapshot.CapSet(raw.Bounding)
		c.Bounding = &set
	}
	one := observation.Container{}
	for _, r := range f.caps[ns] {
		one.Capabilities = append(one.Capabilities, capability(r, raw, at))
	}
	for _, r := range f.syscalls[ns] {
		one.Syscalls = append(one.Syscalls, syscalls(r))
	}
	for _, r := range f.sockets[ns] {
		one.Sockets = append(one.Sockets, socket(r, at))
	}
	for _, r := range f.files[ns] {
		one.Written = append(one.Written, written(r, at))
	}
	return observation.Join(c, one) // rows that differ in nothing reported become one
}

func session(n uint64) observation.Session {
	if n == 0 {
		return observation.Workload
	}
	return observation.Exec
}

func capability(r row[kernelCapKey, kernelCapVal], raw kernelContainer, at clock) observation.Capability {
	k, v := r.key, r.value
	out := observation.Capability{
		Capability: (snapshot.CapSet(1) << k.Cap).Names()[0],
		Outcome:    observation.Granted,
		Session:    session(uint64(k.Session)),
		Aside:      aside(k, v),
		Syscall:    syscallName(k.Nr, k.Aside&compat != 0),
		Process:    text(v.Comm[:]),
		PID:        int(v.InnerPid),
		UID:        int(v.Uid),
		First:      at.at(v.First),
		Count:      v.Count,
	}
	if k.Denied != 0 {
		out.Outcome = observation.Denied
	}
	if k.Aside&compat == 0 {
		out.Argument = about(out.Syscall, v.Args, raw96(v.Text))
	}
	if raw.Started != 0 {
		// The runtime's execve comes a moment before the start that it makes.
		after := max(0, time.Duration(v.First-raw.Started)).Truncate(time.Millisecond).Seconds()
		out.AfterStart = &after
	}
	return out
}

// aside is why a check does not count. Of a tracepoint's checks that were sampled, all
// must have been probes.
func aside(k kernelCapKey, v kernelCapVal) observation.Aside {
	switch {
	case k.Aside&asideNoEffect != 0:
		return observation.NoEffect
	case k.Aside&asideOvercommit != 0:
		return observation.Overcommit
	case k.Aside&asideQuiet != 0, v.Samples > 0 && v.Quiet >= v.Samples:
		return observation.Probe
	}
	return ""
}

// syscallName is empty outside of system calls.
func syscallName(nr int32, compat bool) string {
	switch {
	case nr < 0:
		return ""
	case compat:
		return "32-bit call " + strconv.Itoa(int(nr))
	case int(nr) < len(syscallNames) && syscallNames[nr] != "":
		return syscallNames[nr]
	}
	return "call " + strconv.Itoa(int(nr))
}

func syscalls(r row[kernelSysKey, kernelSysVal]) observation.Syscalls {
	out := observation.Syscalls{Session: session(r.key.Session), Compat: r.value.Compat, Unknown: r.value.Foreign}
	for nr := range r.value.Seen {
		known := nr < len(syscallNames) && syscallNames[nr] != ""
		if r.value.Seen[nr] != 0 {
			if known {
				out.Names = append(out.Names, syscallNames[nr])
			} else {
				out.Unknown++
			}
		}
		if r.value.Runtime[nr] != 0 && known {
			out.Runtime = append(out.Runtime, syscallNames[nr])
		}
	}
	return out
}

func socket(r row[kernelSockKey, kernelSockVal], at clock) observation.Socket {
	k, v := r.key, r.value
	addr := netip.AddrFrom4([4]byte(k.Addr[:4]))
	if k.Family == 10 { // AF_INET6
		addr = netip.AddrFrom16(k.Addr).Unmap()
	}
	out := observation.Socket{
		Kind: observation.Connect, Session: session(uint64(k.Session)), Protocol: "tcp",
		Address: netip.AddrPortFrom(addr, k.Port).String(),
		Process: text(v.Comm[:]), PID: int(v.InnerPid), First: at.at(v.First), Count: v.Count, Accepted: v.Accepted,
	}
	if k.Kind == 1 {
		out.Kind = observation.Listen
	}
	switch k.Protocol {
	case 6: // IPPROTO_TCP
	case 17: // IPPROTO_UDP
		out.Protocol = "udp"
	default:
		out.Protocol = fmt.Sprintf("ip-%d", k.Protocol)
	}
	return out
}

// written is a directory in which something was changed. The path ends with its buffer.
func written(r row[kernelFileKey, kernelFileVal], at clock) observation.Written {
	v := r.value
	path := text(v.Path[min(int(v.From), len(v.Path)):])
	return observation.Written{
		Directory: strings.ToValidUTF8(cmp.Or(path, "/"), "\uFFFD"), Name: strings.ToValidUTF8(text(v.Name[:]), "\uFFFD"), Session: session(r.key.Session),
		Process: text(v.Comm[:]), PID: int(v.InnerPid), First: at.at(v.First), Count: v.Count,
	}
}

// text is a string of the kernel's, up to its end.
func text(raw []int8) string {
	var out []byte
	for _, c := range raw {
		if c == 0 {
			break
		}
		out = append(out, byte(c))
	}
	return string(out)
}

// raw96 keeps the zeros of a socket's address.
func raw96(raw [96]int8) string {
	out := make([]byte, len(raw))
	for i, c := range raw {
		out[i] = byte(c)
	}
	return string(out)
}
