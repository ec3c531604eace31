package mount

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/confinement"
	"seawall/hostpath"
	"seawall/rule"
)

func hostProcMountRootLink() *attack.Step {
	is := func(_ *attack.Query, m *hostpath.Mounted) attack.Truth { return attack.Sure(m.Source == "/proc") }
	return &attack.Step{
		ID: "host-proc-mount-root-link", Title: "Go through the root of a host's process",
		Why:  "Below /proc of the host, PID/root is the file system of that process. The capability opens it for every process.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 1, CostReason: "one path",
		Needs: attack.All(cond.PlacesInside(), cond.HasMount("it has the host's /proc inside", is), cond.HasCap("SYS_PTRACE"), cond.HostRoot(), noTraceProfile(), cond.NoLabel()),
		Each:  cond.EachMount(is, nil, nil),
		Proof: "the directory is listed",
		Bad:   []rule.Example{{Run: "docker run -v /proc:/x:ro --cap-add SYS_PTRACE --security-opt apparmor=unconfined alpine"}},
		Good: []rule.Example{
			{Run: "docker run -v /proc:/x --security-opt apparmor=unconfined alpine"}, {Run: "docker run -v /proc:/x --cap-add SYS_PTRACE alpine"},
			{Run: "docker run --cap-add SYS_PTRACE --security-opt apparmor=unconfined alpine"},
			{Run: "docker run -v /proc:/x --cap-add SYS_PTRACE --security-opt apparmor=unconfined alpine", Facts: scene.Remapped},
		},
	}
}

// noTraceProfile: no profile of AppArmor keeps the container from processes of the
// host.
func noTraceProfile() *attack.Cond {
	return &attack.Cond{
		Says:  "no profile of AppArmor confines it",
		Check: cond.Shows(attack.Check{Kind: attack.Unlabelled}),
		Ask:   cond.AppArmorOff,
		Ends: func(q *attack.Query) []attack.Change {
			if has, _ := confinement.HasAppArmor(q, q.Host, q.Engine); has {
				return []attack.Change{change.Confine(q, change.AppArmorDefault)}
			}
			return nil
		},
	}
}
