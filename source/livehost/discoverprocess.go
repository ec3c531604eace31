package livehost

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/daemonconfig"
	"seawall/source/procfs"
)

// unreachable lists the daemons of which no socket could be asked: those of
// other users, those that listen on TCP only.
func (d *discovery) unreachable(listed []found) []found {
	var out []found
	for _, p := range d.engines {
		if d.claimed[p.pid] || d.isChild(p) || hasEnded(d.m, p.pid) {
			continue // dockerd runs itself for moments, to set up a network
		}
		f := found{kind: kindOf(p.comm), foundBy: processName(d.m, p.pid), daemon: located{process: p}}
		if r, ok := d.refused[p.pid]; ok {
			f.name, f.gap = "unix://"+r.path, gapPtr(r.err)
		} else {
			d.overTCP(&f)
		}
		if !slices.ContainsFunc(listed, func(l found) bool { return l.name == f.name }) {
			out = append(out, f)
		}
	}
	return out
}

// overTCP completes an engine that has no unix socket.
func (d *discovery) overTCP(f *found) {
	addresses := d.tcpOf(f.daemon.process)
	switch {
	case len(addresses) == 0:
		f.name = fmt.Sprintf("process:%d", f.daemon.pid)
		f.gap = &snapshot.Gap{
			Reason: snapshot.ReasonFailed,
			Detail: lang.Recordf("%s (process %d) runs, and no socket of it was found", f.daemon.program(), f.daemon.pid),
		}
		if path := d.takenOver(f.daemon.process); path != "" {
			f.gap.Detail = lang.Recordf("%s (process %d) listens on %s, and another program has bound that path since", f.daemon.program(), f.daemon.pid, path)
			f.gap.Remedy = lang.N("stop one of the two, or give each engine a socket of its own")
		}
	case !sameNamespace(d.m, f.daemon.pid, "net"):
		f.name = "tcp://" + addresses[0]
		f.gap = &snapshot.Gap{
			Reason: snapshot.ReasonNamespace,
			Detail: lang.Recordf("process %d listens on TCP only, in a network namespace of its own", f.daemon.pid),
			Remedy: lang.Recordf("run in that namespace: nsenter --net --target %d", f.daemon.pid),
		}
	default:
		f.name = "tcp://" + addresses[0]
	}
}

// takenOver is the path of a socket that a daemon listens on and that leads to
// another's: an engine removes what is at its path before it binds it, so that
// of two engines at one path the first goes on unseen.
func (d *discovery) takenOver(p process) string {
	h, err := heldBy(d.m, p.pid)
	if err != nil {
		return ""
	}
	view := viewOf(d.m, p.pid)
	for _, l := range h.unix {
		if _, err := findSocket(view, l.Path); err == nil && !internalSocket(l.Path) {
			return l.Path
		}
	}
	return ""
}

// tcpOf lists where a daemon listens, as the kernel or else its command line
// tells, in a form that can be dialled.
func (d *discovery) tcpOf(p process) []string {
	var out []string
	if h, err := heldBy(d.m, p.pid); err == nil {
		for _, l := range h.tcp {
			out = append(out, dialAddress(l.Address).String())
		}
	} else if len(p.args) > 1 {
		flags := daemonconfig.ParseArgs("", p.args[1:])
		hosts, _ := flags.Get("hosts")
		for _, h := range hosts.List {
			if address, ok := strings.CutPrefix(h, "tcp://"); ok {
				out = append(out, address)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// isChild reports whether the parent is a daemon too: podman's service starts
// itself again in a user namespace.
func (d *discovery) isChild(p process) bool {
	parent := parentOf(d.m, p.pid)
	return slices.ContainsFunc(d.engines, func(e process) bool { return e.pid == parent })
}

// hasEnded reports whether a process is gone, or is only waiting to be reaped:
// such a one has no command line any more.
func hasEnded(m Machine, pid int) bool {
	dir, err := procfs.OpenDir(m.Proc, pid)
	if err != nil {
		return true
	}
	defer dir.Close()
	line, err := dir.Read("cmdline", nil)
	return err == nil && len(line) == 0
}

// parentOf returns the parent of a process, 0 if it cannot be told.
func parentOf(m Machine, pid int) int { return statusOf(m, pid).PPid }

// ownerOf returns the effective user of a process, 0 if it cannot be told.
func ownerOf(m Machine, pid int) int { return statusOf(m, pid).UID }

func statusOf(m Machine, pid int) procfs.Status {
	dir, err := procfs.OpenDir(m.Proc, pid)
	if err != nil {
		return procfs.Status{}
	}
	defer dir.Close()
	data, err := dir.Read("status", nil)
	if err != nil {
		return procfs.Status{}
	}
	s, _ := procfs.ParseStatus(data)
	return s
}

// processName names a daemon as the place where an engine was found, with the
// container it runs in, if it does.
func processName(m Machine, pid int) string {
	name := fmt.Sprintf("process %d", pid)
	if id := containerOf(m, pid); id != "" {
		name += " in container " + id[:12]
	}
	return name
}

// containerID matches the id in the cgroup of a container.
var containerID = regexp.MustCompile(`(?:^|[/-])([0-9a-f]{64})(?:\.scope)?(?:/|$)`)

// containerOf returns the id of the container a process runs in, "" if it runs
// in none, by its cgroup. An engine's own cgroup below Seawall's container
// tells nothing new and does not count.
func containerOf(m Machine, pid int) string {
	dir, err := procfs.OpenDir(m.Proc, pid)
	if err != nil {
		return ""
	}
	defer dir.Close()
	data, err := dir.Read("cgroup", nil)
	if err != nil {
		return ""
	}
	for _, p := range procfs.CgroupPaths(data) {
		if match := containerID.FindStringSubmatch(p); match != nil {
			return match[1]
		}
	}
	return ""
}
