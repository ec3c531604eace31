package flaw

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/currency/known"
	"seawall/rule"
	"seawall/rule/example"
)

var leakedDirectory = &flaw{known.Runc, []string{"CVE-2024-21626"}, []string{"1.1.12"}}

func runcLeakedDirectory() *attack.Step {
	old, mended := parts(map[string]string{"runc": "1.1.11"}), parts(map[string]string{"runc": "1.1.12"})
	return &attack.Step{
		ID: "runc-leaked-directory", Title: "Start in a directory of the host that runc left open",
		Why: "runc leaves a directory of the host open while it starts a process. Where the working directory is a link to it, which root in the container or whoever made the image lays, " +
			"the next start or docker exec begins on the host's file system.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 3, CostReason: "a public exploit, and somebody who starts the container or runs docker exec there",
		Needs: attack.All(leakedDirectory.open(), cond.MayRun(), cond.HostRoot(), cond.NoLabel()),
		Rules: []string{"runc-has-open-advisory"},
		Proof: "the version of runc, who built it, and the advisories for it; nothing is tried",
		Bad:   []rule.Example{{Show: "runc 1.1.11", Run: "docker run alpine", Facts: old}},
		Good: []rule.Example{
			{Show: "runc 1.1.12", Run: "docker run alpine", Facts: mended}, {Show: "runc 1.3.3", Run: "docker run alpine"},
			{Show: "runc 1.1.11, user namespaces remapped", Run: "docker run alpine", Facts: example.Together(old, scene.Remapped)},
			{Show: "runc 1.1.11, a rootless engine", Run: "docker run alpine", Facts: example.Together(old, scene.Rootless)},
		},
	}
}
