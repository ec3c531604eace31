package steps

import (
	"seawall/access"
	"seawall/attack"
	"seawall/rule"
	"seawall/snapshot"
)

// This file has the conditions about engines and their sockets, and who gets at
// files of the host.

// rootful: the engine runs as root of the host.
func rootful() *attack.Cond {
	return &attack.Cond{
		Says:  "its engine runs as root",
		Check: shows(attack.Check{Kind: attack.RootInside, Engine: true}, attack.Check{Kind: attack.RootOutside, Engine: true}),
		Ask:   func(q *attack.Query) attack.Truth { return attack.Not(q.Is(q.Engine.Settings.Rootless)) },
		Ends:  func(q *attack.Query) []attack.Change { return []attack.Change{onEngine(q, rootlessEngine)} },
	}
}

// rootless: the engine runs as an ordinary user.
func rootless() *attack.Cond {
	return &attack.Cond{
		Says:  "its engine is rootless",
		Check: asRead,
		Ask:   func(q *attack.Query) attack.Truth { return q.Is(q.Engine.Settings.Rootless) },
	}
}

// unfiltered: no authorization plugin judges requests. What the rules of one
// refuse is not seen.
func unfiltered() *attack.Cond {
	return &attack.Cond{
		Says:  "no authorization plugin refuses the request",
		Check: asRead,
		Ask: func(q *attack.Query) attack.Truth {
			plugins, known := q.Engine.Settings.AuthorizationPlugins.Try(q)
			if known && len(plugins) == 0 {
				return attack.Yes
			}
			if known {
				q.Missed(q.Engine.Settings.AuthorizationPlugins.Origin(), snapshot.Gap{Reason: snapshot.ReasonUnresolved, Detail: "what the plugins refuse is not known"})
			}
			return attack.Unknown
		},
	}
}

// serves: the listener is a socket of the engine's API, of the kind of network.
func serves(service, network string) *attack.Cond {
	return &attack.Cond{
		Says:  "it is a " + network + " socket of " + service,
		Check: asRead,
		Ask: func(q *attack.Query) attack.Truth {
			return attack.Sure(q.Listener.Service == service && q.Listener.Network == network)
		},
	}
}

// owner is who a rootless engine belongs to; "" if that is not known.
func owner(q *attack.Query) string {
	process, _ := q.Engine.Daemon.Process.Try(q)
	return process.User
}

// holder is an account that has a grant.
type holder struct {
	state attack.State
	user  *snapshot.User // nil: any account
	grant access.Grant
}

// holders are the accounts that have one of the grants, but those of owner, who
// have it by right. Any account of the host stands for itself too.
func holders(q *attack.Query, grants []access.Grant, owner string) []holder {
	var out []holder
	users, _ := q.Host.Users.Look(q)
	for _, g := range grants {
		if g.Everyone {
			out = append(out, holder{state: attack.State{Kind: attack.LocalUser}, grant: g})
		}
		for i := range users {
			if u := &users[i]; u.UID != 0 && u.Name != owner && g.Gives(u) && !listed(out, u.Name) {
				out = append(out, holder{state: userState(u.Name), user: u, grant: g})
			}
		}
	}
	return out
}

func listed(list []holder, name string) bool {
	for _, h := range list {
		if h.state.Name == name {
			return true
		}
	}
	return false
}

// userState is an account; of root, root on the host.
func userState(name string) attack.State {
	if name == "root" {
		return attack.State{Kind: attack.HostRoot}
	}
	return attack.State{Kind: attack.LocalUser, Name: name}
}

// lost is the gap of a fact as it is recorded for instances that are unknown.
func lost[T any](f snapshot.Fact[T]) []rule.MissingFact {
	return []rule.MissingFact{{Fact: f.Origin().Path, Source: f.Origin().Source, Gap: f.Gap()}}
}
