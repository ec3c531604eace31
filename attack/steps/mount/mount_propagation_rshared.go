package mount

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/hostpath"
	"seawall/rule"
)

func mountPropagationShared() *attack.Step {
	is := func(_ *attack.Query, m *hostpath.Mounted) attack.Truth { return attack.Sure(m.Shared) }
	return &attack.Step{
		ID: "mount-propagation-rshared", Title: "Mount over a directory of the host",
		Why:  "Mounts that the container makes below a shared mount appear on the host, over programs and files of its own.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 2, CostReason: "something on the host must use what is mounted over",
		Needs: attack.All(cond.HasMount("it has a mount inside that propagates to the host", is), cond.HasCap("SYS_ADMIN"), cond.HostRoot(), cond.NoLSM()),
		Each:  cond.EachMount(is, nil, nil, change.PrivatePropagation),
		Proof: "the tag shared in mountinfo, CapBnd of its process and the guard on mount(2); nothing is mounted",
		Bad:   []rule.Example{{Run: "docker run --cap-add SYS_ADMIN --security-opt apparmor=unconfined -v /srv:/x:rshared alpine"}, {Run: "docker run --privileged -v /srv:/x:shared alpine"}},
		Good: []rule.Example{
			{Run: "docker run --cap-add SYS_ADMIN --security-opt apparmor=unconfined -v /srv:/x alpine"}, {Run: "docker run --security-opt apparmor=unconfined -v /srv:/x:rshared alpine"},
			{Run: "docker run --cap-add SYS_ADMIN -v /srv:/x:rshared alpine"}, {Run: "docker run --privileged -v /srv:/x:rshared alpine", Facts: scene.Rootless},
		},
	}
}
