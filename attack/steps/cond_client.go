package steps

import (
	"path"

	"seawall/attack"
	"seawall/hostpath"
	"seawall/hostplace"
	"seawall/snapshot"
)

// This file has the conditions about configurations of the docker command.

// clientMounts are mounts that bring in what clients keep in their directories.
type clientMounts struct {
	mounted mounted
	states  func(*attack.Query, *hostpath.Mounted) []attack.State
}

// clientMount tells of a mount what the clients whose directories it holds give by
// their configuration. A directory of a client's that is no account's may hold
// anything.
func clientMount(kind attack.Kind, gives func(*snapshot.Client, *attack.Query) []attack.State) clientMounts {
	nameless := unseen(kind)
	states := func(q *attack.Query, m *hostpath.Mounted) (out []attack.State, known bool) {
		clients, listed := q.Snapshot.Clients.Look(q)
		for i := range clients {
			if c := &clients[i]; hostpath.Within(c.Dir, m.Source) || m.Source == path.Join(c.Dir, "config.json") {
				out, known = append(out, gives(c, q)...), true
			}
		}
		return out, known || listed && !hostplace.HoldsClientConfig(m.Source)
	}
	return clientMounts{
		mounted: byOwner(func(q *attack.Query, m *hostpath.Mounted) attack.Truth {
			found, known := states(q, m)
			if len(found) == 0 && !known {
				return attack.Unknown
			}
			return attack.Sure(len(found) > 0)
		}),
		states: func(q *attack.Query, m *hostpath.Mounted) []attack.State {
			if found, _ := states(q, m); len(found) > 0 {
				return found
			}
			return nameless(q, m)
		},
	}
}
