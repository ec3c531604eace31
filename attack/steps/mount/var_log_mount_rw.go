package mount

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/hostplace"
	"seawall/rule"
)

func varLogMountRW() *attack.Step {
	is := cond.Writable(hostplace.Logs)
	return &attack.Step{
		ID: "var-log-mount-rw", Title: "Lead a reader of the host's logs to other files",
		Why:  "Programs that read, rotate and ship logs as root follow links that stand in place of a log.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRead,
		ATTACK: "T1005", Cost: 4, CostReason: "a reader that follows links is assumed",
		Needs: attack.All(cond.PlacesInside(), cond.HasMount("it can write to the host's logs", is), cond.HostRoot(), cond.NoLabel()),
		Each:  cond.EachMount(is, nil, nil, change.ReadOnlyMount),
		Proof: "mountinfo of its process; access(2) tells that its root may write there, and nothing is written",
		Bad:   []rule.Example{{Run: "docker run -v /var/log:/x alpine"}},
		Good:  append(scene.WithoutMount("docker run -v /var/log:/x alpine"), rule.Example{Run: "docker run -v /var/log:/x:ro alpine"}, rule.Example{Run: "docker run -v /var/log/app:/x alpine"}),
	}
}
