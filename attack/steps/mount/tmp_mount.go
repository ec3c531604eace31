package mount

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/hostplace"
	"seawall/rule"
)

func tmpMount() *attack.Step {
	is := cond.ByOwner(cond.Writable(hostplace.Tmp))
	return &attack.Step{
		ID: "tmp-mount", Title: "Exchange files that users of the host use",
		Why:  "Users and their programs keep files and sockets there, of their agents and desktops too, and root in the container exchanges them in passing.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.LocalUser,
		ATTACK: "T1574", Cost: 3, CostReason: "somebody must use a file there, and be faster",
		Needs: attack.All(cond.PlacesInside(), cond.HasMount("it can write to a directory that the host's users share", is), cond.HostRoot(), cond.NoLabel()),
		Each:  cond.EachMount(is, cond.AnyUser, cond.AnyUser, change.ReadOnlyMount),
		Proof: "mountinfo of its process; access(2) tells that its root may write there, and nothing is written",
		Bad:   []rule.Example{{Run: "docker run -v /tmp:/x alpine"}, {Run: "docker run -v /var/tmp:/x alpine"}},
		Good:  append(scene.WithoutMount("docker run -v /tmp:/x alpine"), rule.Example{Run: "docker run -v /tmp:/x:ro alpine"}, rule.Example{Run: "docker run --tmpfs /tmp alpine"}),
	}
}
