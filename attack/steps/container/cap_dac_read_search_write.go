package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/rule"
)

func capDACReadSearchWrite() *attack.Step {
	return &attack.Step{
		ID: "cap-dac-read-search-write", Title: "Change files of the host by their handles",
		Why:  "With DAC_READ_SEARCH a file system is entered by the number of its root directory, from any file of it. On that of the engine's data are the files of all containers, and the settings that they are started with.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 2, CostReason: "a public program, changed a little",
		Needs:  attack.All(cond.HasCap("DAC_READ_SEARCH"), cond.CallsOpen(), cond.HostRoot()),
		Harder: []*attack.Cond{cond.DataRootApart()},
		Rules:  []string{"container-capability-dac-read-search"},
		Proof:  "CapBnd of its process",
		Bad: []rule.Example{
			{Run: "docker run --cap-add DAC_READ_SEARCH alpine", Facts: scene.SharedDataRoot},
			{Run: "docker run --cap-add DAC_READ_SEARCH alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run -v /srv/web:/srv alpine"},
			{Run: "docker run --cap-add DAC_READ_SEARCH -v /srv/web:/srv alpine", Daemon: `{"userns-remap": "default"}`},
		},
	}
}
