package host

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func anyHostUser() *attack.Step {
	return &attack.Step{
		ID: "any-local-user", Title: "Be some user of the host",
		Why:  "For what every account of the host can do it does not matter which it is.",
		At:   rule.KindUser,
		From: attack.LocalUser, ATTACK: "T1078.003", Cost: 0, CostReason: "nothing to do",
		Each: func(q *attack.Query) []attack.Instance {
			return append(q.Instances(), attack.Instance{To: cond.HostUser, Origin: q.Host.Users.Origin(), Value: q.User.Name})
		},
		Proof:     "the list of accounts",
		Permanent: "An account is an account.",
		Bad:       []rule.Example{{Run: "docker run alpine"}},
		Good:      []rule.Example{{Run: "docker run alpine", Facts: example.Host(func(h *snapshot.Host) { example.Set(&h.Users, []snapshot.User(nil)) })}},
	}
}
