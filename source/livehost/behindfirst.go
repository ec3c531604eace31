package livehost

import (
	"path/filepath"

	"seawall/source/hostfile"
)

// behindFirst is the host of a Seawall that has mounts of its own, as process 1
// of the host sees it (/proc/1/root): in a container, or in a service that systemd
// confines, whose read-only mounts are not the host's. It takes the host's processes
// and the right to trace them (--pid host, CAP_SYS_PTRACE). It is false with the
// host's mounts, and where process 1 is itself in a container, as with --pid
// container:NAME.
func behindFirst(m Machine) (Machine, bool) {
	if !ownProc(m) {
		return m, false
	}
	_, err1 := rootMount(m, "/proc/self/mountinfo")
	_, err2 := rootMount(m, filepath.Join(m.Proc, "1", "mountinfo"))
	if err1 != nil || err2 != nil || sameMounts(m, 1) || inContainer(m, 1) {
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
