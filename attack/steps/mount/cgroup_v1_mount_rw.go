package mount

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/hostpath"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

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
		Needs: attack.All(cond.HasMount("it can write to the host's control groups", is), cgroupV1Host(), cond.HasCap("SYS_ADMIN"), cond.HostRoot(), cond.NoLabel()),
		Each:  cond.EachMount(is, nil, nil, change.ReadOnlyMount),
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
		Says:  "the host has hierarchies of control groups of version 1",
		Check: cond.AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			version, known := q.Host.CgroupVersion.Try(q)
			if !known {
				return attack.Unknown
			}
			return attack.Sure(version == 1)
		},
		Ends: func(q *attack.Query) []attack.Change { return []attack.Change{{Kind: change.CgroupV2}} },
	}
}
