package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/confinement"
	"seawall/lang"
	"seawall/rule"
)

func pidHostInfo() *attack.Step {
	return &attack.Step{
		ID: "pid-host-info", Title: "Read the command lines of the host's processes",
		Why:  "Command lines are open to every user, and some programs take passwords there.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.Secret,
		ATTACK: "T1057", Cost: 2, CostReason: "a program with a secret on its command line must run",
		Needs: attack.All(cond.SharesNamespace(confinement.PIDNS, "pid")),
		Each:  leadsTo(lang.N("the command lines of the host's processes")),
		Rules: []string{"container-host-pid"},
		Proof: "HostConfig.PidMode",
		Bad: []rule.Example{
			{Run: "docker run --pid host alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run alpine"},
		},
	}
}
