package container

import (
	"seawall/attack"
	"seawall/lang"
)

// This file has what several steps of containers lead to.

// hostTraffic is what a listener on the host's network learns.
var hostTraffic = lang.N("what the host's traffic holds")

// leadsTo is a secret that a step leads to wherever its conditions hold.
func leadsTo(secret string) func(*attack.Query) []attack.Instance {
	return func(*attack.Query) []attack.Instance {
		return []attack.Instance{{To: attack.State{Kind: attack.Secret, Name: secret}}}
	}
}

// everyUser are all accounts of the host that are known. Where they are not, that
// is a gap of the whole model.
func everyUser(q *attack.Query) []attack.Instance {
	out := q.Instances()
	users, _ := q.Host.Users.Peek()
	for _, u := range users {
		out = append(out, attack.Instance{To: attack.State{Kind: attack.LocalUser, Name: u.Name}, What: u.Name, Origin: q.Host.Users.Origin(), Value: u.Name})
	}
	return out
}
