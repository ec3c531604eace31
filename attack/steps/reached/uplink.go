package reached

import (
	"slices"

	"seawall/attack"
	"seawall/lang"
	"seawall/reach/filter"
	"seawall/reach/matrix"
)

// Getting says by which way a source gets to a target, or why that is not known.
type Getting func(*matrix.Cell, matrix.SourceKind) (way *matrix.Way, unknown string)

// Plainly is gets, without frames that are made by hand.
func Plainly(cell *matrix.Cell, kind matrix.SourceKind) (way *matrix.Way, unknown string) {
	way, unknown = gets(cell, kind)
	if way != nil && way.Crafted {
		return nil, ""
	}
	return way, unknown
}

// Leaving is by which way packets leave the machine for a target.
func Leaving(cell *matrix.Cell, _ matrix.SourceKind) (way *matrix.Way, unknown string) {
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

// Inside are the containers that get to a target: a network, where all of them that
// send by it do, else each by itself.
func Inside(q *attack.Query, m *matrix.Matrix, target int, by Getting) []Sender {
	ways := make([]Sender, len(m.Sources))
	truth := make([]attack.Truth, len(m.Sources))
	for i := range m.Sources {
		way, unknown := by(&m.Cells[i][target], m.Sources[i].Kind)
		ways[i].Unknown = unknown
		switch {
		case way != nil:
			truth[i], ways[i].how = attack.Yes, lang.Sprintf("to %s", way.To)
		case unknown != "":
			truth[i] = attack.Unknown
		}
	}
	var out []Sender
	covered := make([]bool, len(m.Sources))
	for _, u := range q.Uplinks() {
		first := truth[u.Sources[0]]
		if first == attack.No || slices.ContainsFunc(u.Sources, func(i int) bool { return truth[i] != first }) {
			continue
		}
		s := ways[u.Sources[0]]
		s.State = u.State
		if u.State.Name == "" && s.Unknown == "" {
			s.Unknown = lang.T("by which network it sends is not known")
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
			s.State = attack.State{Kind: attack.Container, Engine: member.Engine, Name: member.Name}
			out = append(out, s)
		}
	}
	for _, s := range unplaced(q, m) {
		out = append(out, s)
		for _, at := range q.UplinksOf(s.State) {
			s.State = at
			out = append(out, s)
		}
	}
	return out
}

// EveryUplink are the networks of containers and the containers that use that of the
// host, where nobody knows what they reach.
func EveryUplink(q *attack.Query, why string) []Sender {
	var out []Sender
	for _, state := range q.InHostNetwork() {
		out = append(out, Sender{State: state, Unknown: why})
	}
	for i := range q.Snapshot.Engines {
		e := &q.Snapshot.Engines[i]
		if !e.Local {
			continue
		}
		networks, _ := e.Networks.Look(q)
		for _, n := range networks {
			if n.Driver != "host" && n.Driver != "null" {
				out = append(out, Sender{State: attack.State{Kind: attack.Uplink, Engine: e.Name, Name: n.Name}, Unknown: why})
			}
		}
		out = append(out, Sender{State: attack.State{Kind: attack.Uplink, Engine: e.Name}, Unknown: why})
	}
	return out
}

// UnreadHost says why it is not known who reaches the host; "" if it is.
func UnreadHost(q *attack.Query) string {
	for i := range q.Snapshot.Net {
		if n := &q.Snapshot.Net[i]; n.Host {
			return unreadSpace(q, n, lang.N("the network of the host could not be read: %s"))
		}
	}
	return lang.T("the network of the host was not read")
}
