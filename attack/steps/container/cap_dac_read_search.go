package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/rule"
)

func capDACReadSearch() *attack.Step {
	return &attack.Step{
		ID: "cap-dac-read-search", Title: "Read files of the host by their handles",
		Why:  "With DAC_READ_SEARCH a file system is entered by the number of its root directory, from any file of it, and all its files are read. /etc/hosts of each container lies on the engine's.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRead,
		ATTACK: "T1611", Cost: 1, CostReason: "a public program (shocker)",
		Needs: append(attack.All(cond.HasCap("DAC_READ_SEARCH"), cond.CallsOpen(), cond.HostRoot()), attack.Any(cond.DataRootShared(), cond.MountsHostPath())),
		Rules: []string{"container-capability-dac-read-search"},
		Proof: "CapBnd of its process, the file systems of the data root and its mounts",
		Bad: []rule.Example{
			{Run: "docker run --cap-add DAC_READ_SEARCH alpine", Facts: scene.SharedDataRoot},
			{Run: "docker run --cap-add DAC_READ_SEARCH -v /srv/web:/srv alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run -v /srv/web:/srv alpine"},
			{Run: "docker run --cap-add DAC_READ_SEARCH alpine"},
			{Run: "docker run --cap-add DAC_READ_SEARCH -v /srv/web:/srv alpine", Daemon: `{"userns-remap": "default"}`},
		},
	}
}
