package steps

import "seawall/attack"

// This file has the conditions about swarms.

// manages: the engine is a manager of a swarm.
func manages() *attack.Cond {
	return &attack.Cond{
		Says:  "it is a manager of a swarm",
		Check: asRead,
		Ask: func(q *attack.Query) attack.Truth {
			s, known := q.Engine.Swarm.Try(q)
			if !known {
				return attack.Unknown
			}
			return attack.Sure(s.Manager)
		},
		Ends: func(q *attack.Query) []attack.Change { return []attack.Change{onEngine(q, demoteManager)} },
	}
}

// locked: managers ask for a key when they start.
func locked() *attack.Cond {
	return &attack.Cond{Says: "the swarm's managers are locked", Check: asRead, Ask: askLocked}
}

// notLocked: managers keep the key beside what it opens.
func notLocked() *attack.Cond {
	return &attack.Cond{
		Says:  "the swarm's managers are not locked",
		Check: asRead,
		Ask:   func(q *attack.Query) attack.Truth { return attack.Not(askLocked(q)) },
		Ends:  func(q *attack.Query) []attack.Change { return []attack.Change{onEngine(q, autolock)} },
	}
}

func askLocked(q *attack.Query) attack.Truth {
	s, known := q.Engine.Swarm.Try(q)
	if !known {
		return attack.Unknown
	}
	return q.Is(s.AutoLock)
}

var autolock = &attack.ChangeKind{
	ID: "autolock", Text: "Lock the managers of the swarm of {engine} when they start",
	Weight: 2, Breaks: "After each restart of a manager somebody must enter the key (docker swarm unlock).",
	Shell: "docker swarm update --autolock=true",
}
