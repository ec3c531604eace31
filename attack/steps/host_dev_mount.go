package steps

import (
	"seawall/attack"
	"seawall/hostpath"
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
		Needs: attack.All(has("it has the host's terminals inside", is), hostRoot(), noLabel()),
		Each: eachMount(is, func(*attack.Query, *hostpath.Mounted) []attack.State {
			return secret("what is typed on the host's terminals")
		}, unseen(attack.Secret)),
		Proof: "mountinfo of its process; no terminal is opened",
		Bad:   []rule.Example{{Run: "docker run -v /dev:/x alpine"}, {Run: "docker run -v /dev/pts:/x:ro alpine"}},
		Good:  append(withoutMount("docker run -v /dev:/x alpine"), rule.Example{Run: "docker run -v /dev/shm:/x alpine"}),
	}
}
