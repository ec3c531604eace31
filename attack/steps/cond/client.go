package cond

import (
	"path"
	"strings"

	"seawall/attack"
	"seawall/hostpath"
	"seawall/hostplace"
	"seawall/snapshot"
)

// This file has the conditions about configurations of the docker command.

// ClientMounts are mounts that bring in what clients keep in their directories.
type ClientMounts struct {
	Is     MountKind
	States func(*attack.Query, *hostpath.Mounted) []attack.State
}

// clientConfig is a client's configuration in its directory.
const clientConfig = "/config.json"

// ClientMount tells of a mount what the clients whose directories it holds give by
// their configuration. A directory of a client's that is no account's may hold
// anything.
func ClientMount(kind attack.Kind, gives func(*snapshot.Client, *attack.Query) []attack.State) ClientMounts {
	nameless := Unseen(kind)
	states := func(q *attack.Query, m *hostpath.Mounted) (out []attack.State, known bool) {
		clients, listed := q.Snapshot.Clients.Look(q)
		for i := range clients {
			if c := &clients[i]; hostpath.Within(c.Dir, m.Source) || strings.HasSuffix(m.Source, clientConfig) && m.Source == path.Join(c.Dir, clientConfig) {
				out, known = append(out, gives(c, q)...), true
			}
		}
		return out, known || listed && !hostplace.HoldsClientConfig(m.Source)
	}
	return ClientMounts{
		Is: ByOwner(func(q *attack.Query, m *hostpath.Mounted) attack.Truth {
			found, known := states(q, m)
			if len(found) == 0 && !known {
				return attack.Unknown
			}
			return attack.Sure(len(found) > 0)
		}),
		States: func(q *attack.Query, m *hostpath.Mounted) []attack.State {
			if found, _ := states(q, m); len(found) > 0 {
				return found
			}
			return nameless(q, m)
		},
	}
}
