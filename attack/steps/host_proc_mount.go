package steps

import (
	"seawall/attack"
	"seawall/confinement"
	"seawall/hostpath"
	"seawall/hostplace"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

const corePattern = "/proc/sys/kernel/core_pattern"

func hostProcMountCorePattern() *attack.Step {
	return &attack.Step{
		ID: "host-proc-mount-core-pattern", Title: "Let the kernel run a program for core dumps",
		Why:  "The kernel runs as root on the host the program that core_pattern names when a process crashes. What keeps a container's own /proc/sys from it does not cover another mount of it.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 1, CostReason: "one file written and one crash",
		Needs: attack.All(placesInside(), has("it can write to the kernel's settings of the host", corePatternWritable), hostRoot(), noLabel()),
		Each:  eachMount(corePatternWritable, nil, nil, readOnlyMount),
		Proof: "access(2) tells that its root may write core_pattern there, and nothing is written",
		Bad:   []rule.Example{{Run: "docker run -v /proc:/x alpine"}, {Run: "docker run -v /proc/sys:/x alpine"}, {Run: "docker run -v /proc/sys/kernel:/proc/k --security-opt apparmor=unconfined alpine"}},
		Good: append(withoutMount("docker run -v /proc:/x alpine"), rule.Example{Run: "docker run -v /proc:/x:ro alpine"},
			rule.Example{Run: "docker run -v /proc/sys/net:/x alpine"}, rule.Example{Run: "docker run -v /proc/sys/kernel:/proc/k alpine"}),
	}
}

// corePatternWritable: core_pattern of the host is inside and may be written,
// outside of the paths that AppArmor's profile for containers keeps.
func corePatternWritable(q *attack.Query, m *hostpath.Mounted) attack.Truth {
	if m.ReadOnly || m.Source == "/" || !hostpath.Within(corePattern, m.Source) {
		return attack.No
	}
	return outsideProfile(q, m)
}

// outsideProfile: no profile of AppArmor denies writing to a mount, which it does
// below /proc and /sys of the container.
func outsideProfile(q *attack.Query, m *hostpath.Mounted) attack.Truth {
	if !hostpath.Within(m.Destination, "/proc") && !hostpath.Within(m.Destination, "/sys") {
		return attack.Yes
	}
	return noAppArmor(q)
}

func hostProcMountRootLink() *attack.Step {
	is := func(_ *attack.Query, m *hostpath.Mounted) attack.Truth { return attack.Sure(m.Source == "/proc") }
	return &attack.Step{
		ID: "host-proc-mount-root-link", Title: "Go through the root of a host's process",
		Why:  "Below /proc of the host, PID/root is the file system of that process. The capability opens it for every process.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 1, CostReason: "one path",
		Needs: attack.All(placesInside(), has("it has the host's /proc inside", is), holds("SYS_PTRACE"), hostRoot(), noTraceProfile(), noLabel()),
		Each:  eachMount(is, nil, nil),
		Proof: "the directory is listed",
		Bad:   []rule.Example{{Run: "docker run -v /proc:/x:ro --cap-add SYS_PTRACE --security-opt apparmor=unconfined alpine"}},
		Good: []rule.Example{
			{Run: "docker run -v /proc:/x --security-opt apparmor=unconfined alpine"}, {Run: "docker run -v /proc:/x --cap-add SYS_PTRACE alpine"},
			{Run: "docker run --cap-add SYS_PTRACE --security-opt apparmor=unconfined alpine"},
			{Run: "docker run -v /proc:/x --cap-add SYS_PTRACE --security-opt apparmor=unconfined alpine", Facts: remappedHost},
		},
	}
}

// noTraceProfile: no profile of AppArmor keeps the container from processes of the
// host.
func noTraceProfile() *attack.Cond {
	return &attack.Cond{
		Says: "no profile of AppArmor confines it",
		Ask:  noAppArmor,
		Ends: func(q *attack.Query) []attack.Change {
			if has, _ := confinement.HasAppArmor(q, q.Host, q.Engine); has {
				return []attack.Change{unconfined(q, appArmorDefault)}
			}
			return nil
		},
	}
}

func hostSysMountRW() *attack.Step {
	is := func(q *attack.Query, m *hostpath.Mounted) attack.Truth {
		if m.ReadOnly || m.Source != "/sys" {
			return attack.No
		}
		return outsideProfile(q, m)
	}
	return &attack.Step{
		ID: "host-sys-mount-rw", Title: "Switch off devices of the host",
		Why:  "Files below /sys take disks, processors and network cards away and send the machine to sleep; some kernels run a program of choice as root from there.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Outage,
		ATTACK: "T1529", Cost: 1, CostReason: "one file written",
		Needs: attack.All(placesInside(), has("it can write to the host's /sys", is), hostRoot(), noLabel()),
		Each:  eachMount(is, nil, nil, readOnlyMount),
		Proof: "access(2) tells that its root may write power/state there, and nothing is written",
		Bad:   []rule.Example{{Run: "docker run -v /sys:/x alpine"}, {Run: "docker run -v /sys:/sys --security-opt apparmor=unconfined alpine"}},
		Good: append(withoutMount("docker run -v /sys:/x alpine"), rule.Example{Run: "docker run -v /sys:/x:ro alpine"},
			rule.Example{Run: "docker run -v /sys:/sys alpine"}),
	}
}

func cgroupV1MountRW() *attack.Step {
	is := func(_ *attack.Query, m *hostpath.Mounted) attack.Truth {
		return attack.Sure(!m.ReadOnly && (m.Source == "/sys" || hostpath.Within(m.Source, "/sys/fs/cgroup")))
	}
	return &attack.Step{
		ID: "cgroup-v1-mount-rw", Title: "Let the kernel run a program when a control group is empty",
		Why:  "With control groups of version 1 the kernel runs as root on the host the program that release_agent names.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 2, CostReason: "two files written and a group emptied",
		Needs: attack.All(has("it can write to the host's control groups", is), cgroupV1Host(), holds("SYS_ADMIN"), hostRoot(), noLabel()),
		Each:  eachMount(is, nil, nil, readOnlyMount),
		Proof: "access(2) tells that its root may write release_agent there, and nothing is written",
		Bad:   []rule.Example{{Run: "docker run --cap-add SYS_ADMIN -v /sys/fs/cgroup:/x alpine", Facts: version1}},
		Good: []rule.Example{
			{Run: "docker run --cap-add SYS_ADMIN -v /sys/fs/cgroup:/x alpine"}, {Run: "docker run -v /sys/fs/cgroup:/x alpine", Facts: version1},
			{Run: "docker run --cap-add SYS_ADMIN -v /sys/fs/cgroup:/x:ro alpine", Facts: version1}, {Run: "docker run --cap-add SYS_ADMIN alpine", Facts: version1},
		},
	}
}

// version1 makes the example's host one with control groups of version 1.
var version1 = example.Host(func(h *snapshot.Host) { example.Set(&h.CgroupVersion, 1) })

// cgroupV1Host: the host has control groups of version 1.
func cgroupV1Host() *attack.Cond {
	return &attack.Cond{
		Says: "the host has hierarchies of control groups of version 1",
		Ask: func(q *attack.Query) attack.Truth {
			version, known := q.Host.CgroupVersion.Try(q)
			if !known {
				return attack.Unknown
			}
			return attack.Sure(version == 1)
		},
		Ends: func(q *attack.Query) []attack.Change { return []attack.Change{{Kind: cgroupV2}} },
	}
}

var cgroupV2 = &attack.ChangeKind{
	ID: "cgroup-v2", Text: "Boot the host with control groups of version 2 alone", Weight: 4, Disruption: attack.Reboot,
	Breaks: "Programs that know version 1 only.",
	Shell:  "sudo grubby --update-kernel=ALL --args=systemd.unified_cgroup_hierarchy=1, or the same in /etc/default/grub",
}

func debugfsMount() *attack.Step {
	is := func(q *attack.Query, m *hostpath.Mounted) attack.Truth {
		if m.ReadOnly || waysOf(q, m)&hostplace.Debug == 0 {
			return attack.No
		}
		return outsideProfile(q, m)
	}
	return &attack.Step{
		ID: "debugfs-tracefs-mount", Title: "Change the inside of the kernel",
		Why:  "debugfs and tracefs show and change the inside of the kernel and its drivers; lockdown closes the worst of it.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 4, CostReason: "a driver must have a file that writes memory, or a probe must catch a secret",
		Needs: attack.All(placesInside(), has("it can write to debugfs or tracefs", is), hostRoot(), noLockdown(), noLabel()),
		Each:  eachMount(is, nil, nil, readOnlyMount),
		Proof: "mountinfo of its process, and /sys/kernel/security/lsm",
		Bad:   []rule.Example{{Run: "docker run -v /sys/kernel/debug:/x alpine"}},
		Good:  append(withoutMount("docker run -v /sys/kernel/debug:/x alpine"), rule.Example{Run: "docker run -v /sys/kernel/tracing:/x:ro alpine"}, rule.Example{Run: "docker run -v /sys/kernel/debug:/sys/kernel/debug alpine"}),
	}
}

// noLockdown: the kernel has no lockdown. Where it has it, its mode is not known.
func noLockdown() *attack.Cond {
	return &attack.Cond{
		Says: "the kernel is not locked down",
		Ask: func(q *attack.Query) attack.Truth {
			modules, known := q.Host.LSMs.Try(q)
			for _, m := range modules {
				if m == "lockdown" {
					q.Missed(q.Host.LSMs.Origin(), snapshot.Gap{Reason: snapshot.ReasonNotCollected, Detail: "the mode of lockdown is not read", Remedy: "cat /sys/kernel/security/lockdown"})
					return attack.Unknown
				}
			}
			if !known {
				return attack.Unknown
			}
			return attack.Yes
		},
	}
}
