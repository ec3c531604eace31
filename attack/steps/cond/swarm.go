package cond

import (
	"seawall/attack"
	"seawall/attack/steps/change"
)

// This file has the conditions about swarms.

// Manages: the engine is a manager of a swarm.
func Manages() *attack.Cond {
	return &attack.Cond{
		Says:  "it is a manager of a swarm",
		Check: AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			s, known := q.Engine.Swarm.Try(q)
			if !known {
				return attack.Unknown
			}
			return attack.Sure(s.Manager)
		},
		Ends: func(q *attack.Query) []attack.Change {
			return q.Changes(change.OnEngine(q, change.DemoteManager))
		},
	}
}

// Locked: managers ask for a key when they start.
func Locked() *attack.Cond {
	return &attack.Cond{Says: "the swarm's managers are locked", Check: AsRead, Ask: askLocked}
}

// NotLocked: managers keep the key beside what it opens.
func NotLocked() *attack.Cond {
	return &attack.Cond{
		Says:  "the swarm's managers are not locked",
		Check: AsRead,
		Ask:   func(q *attack.Query) attack.Truth { return attack.Not(askLocked(q)) },
		Ends:  func(q *attack.Query) []attack.Change { return q.Changes(change.OnEngine(q, change.Autolock)) },
	}
}

func askLocked(q *attack.Query) attack.Truth {
	s, known := q.Engine.Swarm.Try(q)
	if !known {
		return attack.Unknown
	}
	return q.Is(s.AutoLock)
}
