package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/rule"
)

func imageRunsAsRoot() *attack.Step {
	return &attack.Step{
		ID: "image-runs-as-root", Title: "The code is root already",
		Why:  "The container's process is root inside it, so whoever takes it over is too.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.ContainerRoot,
		ATTACK: "T1078", Cost: 0, CostReason: "nothing to do",
		Needs: attack.All(cond.RootInside()),
		Proof: "Uid and uid_map of its process",
		Bad:   []rule.Example{{Run: "docker run --user 0 alpine"}},
		Good:  []rule.Example{{Run: "docker run --user 1000 alpine"}},
	}
}
