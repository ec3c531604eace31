package mount

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/hostplace"
	"seawall/rule"
)

func rootlessHomeMountRO() *attack.Step {
	is := ofEngineOwner(cond.Readable(hostplace.Keys | hostplace.SSHKeys | hostplace.CloudKeys | hostplace.ClientConfig))
	return &attack.Step{
		ID: "rootless-home-mount-ro", Title: "Read the keys of the rootless engine's user",
		Why:  "Root in a container of a rootless engine is the user whose engine it is, and reads that user's keys and passwords.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Secret,
		ATTACK: "T1552.001", Cost: 1, CostReason: "one file read",
		Needs: attack.All(cond.PlacesInside(), rootlessOwner(), cond.HasMount("it can read keys of its engine's user", is), cond.NoLabel()),
		Each:  cond.EachMount(is, secretAt(keysAndPasswords), cond.Unseen(attack.Secret)),
		Proof: "mountinfo of its process; access(2) tells that its root may read there, and nothing is read",
		Bad:   []rule.Example{{Run: "docker run -v /home/alice:/x:ro alpine", Facts: scene.Rootless}, {Run: "docker run --cap-drop ALL -v /home/alice/.ssh:/x:ro alpine", Facts: scene.Rootless}},
		Good: []rule.Example{
			{Run: "docker run -v /home/bob:/x:ro alpine", Facts: scene.Rootless}, {Run: "docker run -v /home/alice/project:/x alpine", Facts: scene.Rootless},
			{Run: "docker run -v /home/alice:/x:ro alpine"},
		},
	}
}
