package steps

import (
	"seawall/attack"
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
		Needs: attack.All(has("it has a mount inside that propagates to the host", is), holds("SYS_ADMIN"), hostRoot(), noLSM()),
		Each:  eachMount(is, nil, nil, privatePropagation),
		Proof: "the tag shared in mountinfo, CapBnd of its process and the guard on mount(2); nothing is mounted",
		Bad:   []rule.Example{{Run: "docker run --cap-add SYS_ADMIN --security-opt apparmor=unconfined -v /srv:/x:rshared alpine"}, {Run: "docker run --privileged -v /srv:/x:shared alpine"}},
		Good: []rule.Example{
			{Run: "docker run --cap-add SYS_ADMIN --security-opt apparmor=unconfined -v /srv:/x alpine"}, {Run: "docker run --security-opt apparmor=unconfined -v /srv:/x:rshared alpine"},
			{Run: "docker run --cap-add SYS_ADMIN -v /srv:/x:rshared alpine"}, {Run: "docker run --privileged -v /srv:/x:rshared alpine", Facts: rootlessHost},
		},
	}
}
