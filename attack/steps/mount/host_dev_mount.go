package mount

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/hostpath"
	"seawall/lang"
	"seawall/rule"
)

func hostDevMount() *attack.Step {
	is := func(_ *attack.Query, m *hostpath.Mounted) attack.Truth {
		return attack.Sure(m.Source == "/dev" || hostpath.Within(m.Source, "/dev/pts"))
	}
	return &attack.Step{
		ID: "host-dev-mount", Title: "Read what is typed on the host's terminals",
		Why:  "The list of devices that every container may open has terminals in it, and the mount brings in those of the host. Disks stay closed.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Secret,
		ATTACK: "T1056.001", Cost: 3, CostReason: "somebody must be logged in, and type a secret",
		Needs: attack.All(cond.HasMount("it has the host's terminals inside", is), cond.HostRoot(), cond.NoLabel()),
		Each: cond.EachMount(is, func(*attack.Query, *hostpath.Mounted) []attack.State {
			return cond.Secret(lang.N("what is typed on the host's terminals"))
		}, cond.Unseen(attack.Secret)),
		Proof: "mountinfo of its process; no terminal is opened",
		Bad:   []rule.Example{{Run: "docker run -v /dev:/x alpine"}, {Run: "docker run -v /dev/pts:/x:ro alpine"}},
		Good:  append(scene.WithoutMount("docker run -v /dev:/x alpine"), rule.Example{Run: "docker run -v /dev/shm:/x alpine"}),
	}
}
