package cond

import (
	"seawall/attack"
	"seawall/hostpath"
)

// This file has the states that mounts lead to.

// Secret is the state of who has one.
func Secret(name string) []attack.State { return []attack.State{{Kind: attack.Secret, Name: name}} }

// Unseen is a state of a kind that has no name, since what it is could not be seen.
func Unseen(kind attack.Kind) func(*attack.Query, *hostpath.Mounted) []attack.State {
	return func(q *attack.Query, _ *hostpath.Mounted) []attack.State {
		state := attack.State{Kind: kind}
		if kind == attack.Volume || kind == attack.VolumeRead {
			state.Engine = q.Engine.Name
		}
		return []attack.State{state}
	}
}

// AnyUser is every account of the host.
func AnyUser(q *attack.Query, _ *hostpath.Mounted) []attack.State {
	users, _ := q.Host.Users.Peek()
	out := make([]attack.State, len(users))
	for i := range users {
		out[i] = attack.State{Kind: attack.LocalUser, Name: users[i].Name}
	}
	return out
}
