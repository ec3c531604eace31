package cond

import (
	"seawall/access"
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/lang"
	"seawall/snapshot"
)

// This file has the conditions about engines and their sockets, and who gets at
// files of the host.

// Rootful: the engine runs as root of the host.
func Rootful() *attack.Cond {
	return &attack.Cond{
		Says:  "its engine runs as root",
		Check: Shows(attack.Check{Kind: attack.RootInside, Engine: true}, attack.Check{Kind: attack.RootOutside, Engine: true}),
		Ask:   func(q *attack.Query) attack.Truth { return attack.Not(q.Is(q.Engine.Settings.Rootless)) },
		Ends: func(q *attack.Query) []attack.Change {
			return q.Changes(change.OnEngine(q, change.RootlessEngine))
		},
	}
}

// Rootless: the engine runs as an ordinary user.
func Rootless() *attack.Cond {
	return &attack.Cond{
		Says:  "its engine is rootless",
		Check: AsRead,
		Ask:   func(q *attack.Query) attack.Truth { return q.Is(q.Engine.Settings.Rootless) },
	}
}

// Unfiltered: no authorization plugin judges requests. What the rules of one
// refuse is not seen.
func Unfiltered() *attack.Cond {
	return &attack.Cond{
		Says:  "no authorization plugin refuses the request",
		Check: AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			plugins, known := q.Engine.Settings.AuthorizationPlugins.Try(q)
			if known && len(plugins) == 0 {
				return attack.Yes
			}
			if known {
				q.Missed(q.Engine.Settings.AuthorizationPlugins.Origin(), snapshot.Gap{Reason: snapshot.ReasonUnresolved, Detail: lang.T("what the plugins refuse is not known")})
			}
			return attack.Unknown
		},
	}
}

// Serves: the listener is a socket of the engine's API, of the kind of network.
func Serves(service, network string) *attack.Cond {
	return &attack.Cond{
		Says: "it is a %s socket of %s", Args: []any{network, service},
		Check: AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			return attack.Sure(q.Listener.Service == service && q.Listener.Network == network)
		},
	}
}

// EngineOwner is who a rootless engine belongs to; "" if that is not known.
func EngineOwner(q *attack.Query) string {
	process, _ := q.Engine.Daemon.Process.Try(q)
	return process.User
}

// Holder is an account that has a grant.
type Holder struct {
	State attack.State
	User  *snapshot.User // nil: any account
	Grant access.Grant
}

// Holders are the accounts that have one of the grants, but those of owner, who
// have it by right. Any account of the host stands for itself too.
func Holders(q *attack.Query, grants []access.Grant, owner string) []Holder {
	var out []Holder
	users, _ := q.Host.Users.Look(q)
	for _, g := range grants {
		if g.Everyone {
			out = append(out, Holder{State: attack.State{Kind: attack.LocalUser}, Grant: g})
		}
		for i := range users {
			if u := &users[i]; u.UID != 0 && u.Name != owner && g.Gives(u) && !listed(out, u.Name) {
				out = append(out, Holder{State: UserState(u.Name), User: u, Grant: g})
			}
		}
	}
	return out
}

func listed(list []Holder, name string) bool {
	for _, h := range list {
		if h.State.Name == name {
			return true
		}
	}
	return false
}

// UserState is an account; of root, root on the host.
func UserState(name string) attack.State {
	if name == "root" {
		return attack.State{Kind: attack.HostRoot}
	}
	return attack.State{Kind: attack.LocalUser, Name: name}
}
