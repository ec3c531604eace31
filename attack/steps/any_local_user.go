package steps

import (
	"seawall/attack"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// hostUser is the state of who has any account of the host.
var hostUser = attack.State{Kind: attack.LocalUser, Name: "of the host"}

func anyHostUser() *attack.Step {
	return &attack.Step{
		ID: "any-local-user", Title: "Be some user of the host",
		Why:  "For what every account of the host can do it does not matter which it is.",
		At:   rule.KindUser,
		From: attack.LocalUser, ATTACK: "T1078.003", Cost: 0, CostReason: "nothing to do",
		Each: func(q *attack.Query) []attack.Instance {
			return []attack.Instance{{To: hostUser, Origin: q.Host.Users.Origin(), Value: q.User.Name}}
		},
		Proof:     "the list of accounts",
		Permanent: "An account is an account.",
		Bad:       []rule.Example{{Run: "docker run alpine"}},
		Good:      []rule.Example{{Run: "docker run alpine", Facts: example.Host(func(h *snapshot.Host) { example.Set(&h.Users, []snapshot.User(nil)) })}},
	}
}
