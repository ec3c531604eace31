package mount

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/hostplace"
	"seawall/rule"
)

func userHomeMountRW() *attack.Step {
	is := cond.ByOwner(cond.Writable(hostplace.Home))
	return &attack.Step{
		ID: "user-home-mount-rw", Title: "Write to a user's home",
		Why:  "A key in authorized_keys logs in as the user, and the user's shell, session and docker command run what lies there.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.LocalUser,
		ATTACK: "T1098.004", Cost: 1, CostReason: "one file written",
		Needs: attack.All(cond.PlacesInside(), cond.HasMount("it can write to a user's home", is), cond.HostRoot(), cond.NoLabel()),
		Each:  cond.EachMount(is, cond.HomeOwners, cond.AnyUser, change.ReadOnlyMount, change.DropCapabilities),
		Proof: "mountinfo of its process: source and mode of the mount; access(2) tells that its root may write there, and nothing is written",
		Bad: []rule.Example{
			{Run: "docker run -v /home/alice:/x alpine"}, {Run: "docker run -v /home:/x alpine"}, {Run: "docker run -v /home/alice/.ssh:/x alpine"},
			{Run: "docker run -v /home/alice/.config/systemd:/x alpine"},
		},
		Good: append(scene.WithoutMount("docker run -v /home/alice:/x alpine"), rule.Example{Run: "docker run -v /home/alice:/x:ro alpine"},
			rule.Example{Run: "docker run -v /home/alice/project:/x alpine"}, rule.Example{Run: "docker run --cap-drop ALL -v /home/alice:/x alpine"}),
	}
}
