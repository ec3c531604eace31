package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/lang"
	"seawall/rule"
)

func unconfinedKeyringRead() *attack.Step {
	return &attack.Step{
		ID: "unconfined-keyring-read", Title: "Read the keys that the kernel keeps for root",
		Why:  "Keyrings belong to users of the host and not to containers: without a filter root in the container asks for those of root.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Secret,
		ATTACK: "T1555", Cost: 3, CostReason: "keys must be kept there, and their numbers be found",
		Needs: attack.All(cond.NoSeccomp(), cond.HostRoot(), cond.NotDenied("keys of others")),
		Each:  leadsTo(lang.N("the keys that the kernel keeps for root")),
		Rules: []string{"container-seccomp-off"},
		Proof: "Seccomp of its process",
		Bad: []rule.Example{
			{Run: "docker run --security-opt seccomp=unconfined alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run --security-opt seccomp=unconfined alpine", Facts: scene.Labelled},
			{Run: "docker run alpine"},
			{Run: "docker run --security-opt seccomp=unconfined alpine", Daemon: `{"userns-remap": "default"}`},
		},
	}
}
