package livehost

import (
	"path/filepath"

	"seawall/source/hostfile"
)

// behindFirst is the host of a Seawall that runs in a container, as process 1
// of the host sees it (/proc/1/root). It takes a container with the host's
// processes and the right to trace them (--pid host, CAP_SYS_PTRACE). It is
// false outside of containers, and where process 1 is itself in a container, as
// with --pid container:NAME.
func behindFirst(m Machine) (Machine, bool) {
	if look(m).files == nil || !ownProc(m) {
		return m, false
	}
	own, err1 := rootMount(m, "/proc/self/mountinfo")
	first, err2 := rootMount(m, filepath.Join(m.Proc, "1", "mountinfo"))
	if err1 != nil || err2 != nil || own == first || inContainer(m, 1) {
		return m, false
	}
	host := Machine{Proc: m.Proc, Sys: m.Sys, Root: filepath.Join(m.Proc, "1/root"), once: m.once}
	files := hostfile.New(host.Root)
	if _, err := files.Info("/etc"); err != nil {
		return m, false
	}
	for _, mark := range containerMarks {
		if _, err := files.Info(mark); err == nil {
			return m, false
		}
	}
	if _, err := files.Info("/sys/kernel"); err == nil { // with securityfs and selinuxfs
		host.Sys = filepath.Join(host.Root, "sys")
	}
	host.Files = files.As("/")
	return host, true
}

// inContainer reports whether a process is in a container by its cgroup or the
// environment it was started with.
func inContainer(m Machine, pid int) bool {
	return containerOf(m, pid) != "" || engineVariable(m, pid) != ""
}
