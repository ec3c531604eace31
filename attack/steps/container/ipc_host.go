package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/confinement"
	"seawall/lang"
	"seawall/rule"
)

func ipcHost() *attack.Step {
	return &attack.Step{
		ID: "ipc-host", Title: "Read the shared memory of the host's processes",
		Why:  "In the host's ipc namespace root of the host opens the shared memory, semaphores and queues of all its processes.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Secret,
		ATTACK: "T1005", Cost: 3, CostReason: "programs that share secrets by memory",
		Needs: attack.All(cond.SharesNamespace(confinement.IPCNS, "ipc"), cond.HostRoot()),
		Each:  leadsTo(lang.N("the shared memory of the host's processes")),
		Rules: []string{"container-host-ipc"},
		Proof: "HostConfig.IpcMode",
		Bad:   []rule.Example{{Run: "docker run --ipc host alpine"}},
		Good:  []rule.Example{{Run: "docker run alpine"}, {Run: "docker run --ipc shareable alpine"}},
	}
}
