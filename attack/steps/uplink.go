package steps

import (
	"slices"

	"seawall/attack"
	"seawall/reach/filter"
	"seawall/reach/matrix"
	"seawall/rule"
)

func sendsFromNetwork() *attack.Step {
	return &attack.Step{
		ID: "container-sends-from-network", Title: "Send to the host and beyond from the container's network",
		Why:  "Code in a container opens connections to the host, and by it to others, as far as the host's rules let its network. That containers on a network do not reach each other changes nothing in that.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.Uplink,
		ATTACK: "T1046", Cost: 0, CostReason: "nothing to do",
		Needs: attack.All(mayRun()),
		Each:  uplinksOfContainer,
		Proof: "the networks that the engine lists, and the network namespace of its process",
		Bad:   []rule.Example{{Run: "docker run --network shop alpine", Facts: icc("shop", false)}},
		Good:  []rule.Example{{Run: "docker run --network none alpine"}, {Run: "docker run --network host alpine"}},
	}
}

// uplinksOfContainer are the networks by which the container sends.
func uplinksOfContainer(q *attack.Query) []attack.Instance {
	endpoints, known := q.Container.Networks.Try(q)
	if !known {
		return []attack.Instance{{To: attack.State{Kind: attack.Uplink, Engine: q.Engine.Name}, Unknown: true, Missing: lost(q.Container.Networks)}}
	}
	var out []attack.Instance
	for _, e := range endpoints {
		if e.Network == "host" || e.Network == "none" {
			continue
		}
		out = append(out, attack.Instance{
			To:   attack.State{Kind: attack.Uplink, Engine: q.Engine.Name, Name: e.Network},
			Ends: []attack.Change{onContainer(q, leaveNetwork, e.Network)}, Checks: []attack.Check{},
			Origin: within(q.Container.Networks, e.Network), Value: e.IPv4,
		})
	}
	return out
}

// getting says by which way a source gets to a target, or why that is not known.
type getting func(*matrix.Cell, matrix.SourceKind) (way *matrix.Way, unknown string)

// plainly is gets without frames that are made by hand.
func plainly(cell *matrix.Cell, kind matrix.SourceKind) (way *matrix.Way, unknown string) {
	way, unknown = gets(cell, kind)
	if way != nil && way.Crafted {
		return nil, ""
	}
	return way, unknown
}

// leaving is by which way packets leave the machine for a target.
func leaving(cell *matrix.Cell, _ matrix.SourceKind) (way *matrix.Way, unknown string) {
	for i := range cell.Ways {
		if w := &cell.Ways[i]; w.Leaves() {
			return w, ""
		}
	}
	if cell.Verdict == filter.Unknown {
		unknown = cell.Why
		if best := cell.Best(); best != nil {
			unknown = best.Why
		}
	}
	return nil, unknown
}

// inside are the containers that get to a target: a network, where all of them that
// send by it do, else each by itself.
func inside(q *attack.Query, m *matrix.Matrix, target int, by getting) []sender {
	ways := make([]sender, len(m.Sources))
	truth := make([]attack.Truth, len(m.Sources))
	for i := range m.Sources {
		way, unknown := by(&m.Cells[i][target], m.Sources[i].Kind)
		ways[i].unknown = unknown
		switch {
		case way != nil:
			truth[i], ways[i].how = attack.Yes, "to "+way.To.String()
		case unknown != "":
			truth[i] = attack.Unknown
		}
	}
	var out []sender
	covered := make([]bool, len(m.Sources))
	for _, u := range q.Uplinks() {
		first := truth[u.Sources[0]]
		if first == attack.No || slices.ContainsFunc(u.Sources, func(i int) bool { return truth[i] != first }) {
			continue
		}
		s := ways[u.Sources[0]]
		s.state = u.State
		if u.State.Name == "" && s.unknown == "" {
			s.unknown = "by which network it sends is not known"
		}
		out = append(out, s)
		for _, i := range u.Sources {
			covered[i] = true
		}
	}
	for i := range m.Sources {
		if truth[i] == attack.No || covered[i] {
			continue
		}
		for _, member := range m.Sources[i].Members {
			s := ways[i]
			s.state = attack.State{Kind: attack.Container, Engine: member.Engine, Name: member.Name}
			out = append(out, s)
		}
	}
	for _, s := range unplaced(q, m) {
		out = append(out, s)
		for _, at := range q.UplinksOf(s.state) {
			s.state = at
			out = append(out, s)
		}
	}
	return out
}

// everyUplink are the networks of containers and the containers that use that of the
// host, where nobody knows what they reach.
func everyUplink(q *attack.Query, why string) []sender {
	var out []sender
	for _, state := range q.InHostNetwork() {
		out = append(out, sender{state: state, unknown: why})
	}
	for i := range q.Snapshot.Engines {
		e := &q.Snapshot.Engines[i]
		if !e.Local {
			continue
		}
		networks, _ := e.Networks.Look(q)
		for _, n := range networks {
			if n.Driver != "host" && n.Driver != "null" {
				out = append(out, sender{state: attack.State{Kind: attack.Uplink, Engine: e.Name, Name: n.Name}, unknown: why})
			}
		}
		out = append(out, sender{state: attack.State{Kind: attack.Uplink, Engine: e.Name}, unknown: why})
	}
	return out
}

// unreadHost says why it is not known who reaches the host; "" if it is.
func unreadHost(q *attack.Query) string {
	for i := range q.Snapshot.Net {
		if n := &q.Snapshot.Net[i]; n.Host {
			return unreadSpace(q, n, "the host")
		}
	}
	return "the network of the host was not read"
}
