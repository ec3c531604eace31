package steps

import (
	"seawall/attack"
	"seawall/hostpath"
)

// This file has the states that mounts lead to.

// secret is the state of who has one.
func secret(name string) []attack.State { return []attack.State{{Kind: attack.Secret, Name: name}} }

// unseenSecret is what may lie on paths that could not be seen.
func unseenSecret(*attack.Query, *hostpath.Mounted) []attack.State {
	return secret("what lies on paths that could not be seen")
}

// anyUser is every account of the host.
func anyUser(q *attack.Query, _ *hostpath.Mounted) []attack.State {
	users, _ := q.Host.Users.Peek()
	out := make([]attack.State, len(users))
	for i := range users {
		out[i] = attack.State{Kind: attack.LocalUser, Name: users[i].Name}
	}
	return out
}
