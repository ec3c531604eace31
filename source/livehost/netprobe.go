package livehost

import (
	"context"
	"net/netip"

	"seawall/snapshot"
	"seawall/source/probe"
)

// probe tries connections, each from its namespace, and to addresses of
// namespaces that were read only. Whoever answers at a port of the Engine API is
// asked who it is.
func (r *netReader) probe(ctx context.Context, s *snapshot.Snapshot, wanted []snapshot.NetProbe) []snapshot.NetProbe {
	apis := apiPorts(s)
	jobs := make([]probe.Job, len(r.spaces))
	at := map[uint64]int{}
	for i, n := range r.spaces {
		jobs[i].Namespace = n
		at[n.Inode()] = i
	}
	var out []snapshot.NetProbe
	places := make([][]int, len(jobs)) // of a job's targets in out
	for _, w := range wanted {
		to, err := netip.ParseAddrPort(w.Address)
		i, ok := at[w.Namespace]
		if err != nil || !ok {
			continue
		}
		jobs[i].Targets = append(jobs[i].Targets, probe.Target{AddrPort: to, API: apis[to.Port()]})
		places[i] = append(places[i], len(out))
		out = append(out, w)
	}
	for i, outcomes := range probe.Run(ctx, jobs, probe.Options{Allowed: OwnAddresses(s)}) {
		for k, o := range outcomes {
			p := &out[places[i][k]]
			p.Outcome, p.Why, p.Service = string(o.State), o.Why, string(o.Service)
		}
	}
	return out
}

// apiPorts are the ports at which engines of this machine serve their API.
func apiPorts(s *snapshot.Snapshot) map[uint16]bool {
	out := map[uint16]bool{}
	for i := range s.Engines {
		listeners, _ := s.Engines[i].Listeners.Peek()
		for _, l := range listeners {
			if a, err := netip.ParseAddrPort(l.Address); err == nil && l.Network == "tcp" && l.Service == "engine" {
				out[a.Port()] = true
			}
		}
	}
	return out
}

// OwnAddresses are those of the namespaces that were read.
func OwnAddresses(s *snapshot.Snapshot) map[netip.Addr]bool {
	out := map[netip.Addr]bool{}
	for _, n := range s.Net {
		stack, _ := n.Stack.Peek()
		for _, i := range stack.Interfaces {
			for _, text := range i.Addresses {
				if p, err := netip.ParsePrefix(text); err == nil {
					out[p.Addr()] = true
				}
			}
		}
	}
	return out
}
