package report

import (
	"fmt"
	"strings"

	"seawall/attack"
	"seawall/lang"
	"seawall/rule"
)

// PathGraph are states and the moves between them.
type PathGraph struct {
	States []PathState
	Edges  []PathEdge
}

// PathEdge is a move, or several that a reader takes for one: the same step from
// the same states to the same state.
type PathEdge struct {
	Step, Title, What, ATTACK string
	From                      []string
	To                        string
	Cost                      int
	// Possible: it rests on facts that were not seen.
	Possible bool
	// Ends are, for each of the moves that it stands for, the ids of the changes of which
	// each alone ends that one.
	Ends [][]string

	facts func() ([]rule.Evidence, []rule.MissingFact) // what was seen, and what was not
}

// pathDrawer gathers a graph.
type pathDrawer struct {
	PathGraph
	at map[[3]string]int // edges by step, From and To
}

// add adds an edge, unless there is one that says the same. A certain one stands
// for possible ones, the easiest for all.
func (d *pathDrawer) add(e PathEdge) {
	key := [3]string{e.Step, strings.Join(e.From, "\x00"), e.To}
	i, known := d.at[key]
	if !known {
		d.at[key] = len(d.Edges)
		d.Edges = append(d.Edges, e)
		return
	}
	o := &d.Edges[i]
	if o.Possible == e.Possible {
		e.Ends = append(o.Ends, e.Ends...)
		o.Ends = e.Ends
	}
	if o.Possible && !e.Possible || o.Possible == e.Possible && e.Cost < o.Cost {
		*o = e
	}
}

// graph is the slice of the model that lies on the ways from entries to targets.
func (b pathBuilder) graph(slice []*attack.Move) *PathGraph {
	part := pathBuilder{Paths: &Paths{}, answer: b.answer, known: map[attack.State]bool{}}
	d := pathDrawer{at: map[[3]string]int{}}
	for _, m := range slice {
		d.add(PathEdge{
			Step: m.Step.ID, Title: m.Step.Title, What: m.What(), ATTACK: m.Step.ATTACK,
			From: part.ids(m.From), To: part.id(m.To), Cost: m.Cost, Possible: m.Possible, Ends: [][]string{changeIDs(m.Ends)}, facts: m.Facts,
		})
	}
	d.States = part.States
	return &d.PathGraph
}

// union are the states and moves of paths, each once.
func (p *Paths) union(paths []Path) *PathGraph {
	d := pathDrawer{at: map[[3]string]int{}}
	names, known := p.names(), map[string]bool{}
	need := func(ids ...string) {
		for _, id := range ids {
			if !known[id] {
				known[id] = true
				d.States = append(d.States, *names[id])
			}
		}
	}
	for i := range paths {
		need(paths[i].From...)
		for j := range paths[i].Hops {
			h := &paths[i].Hops[j]
			need(h.From...)
			need(h.To)
			d.add(PathEdge{Step: h.Step, Title: h.Title, What: h.What, ATTACK: h.ATTACK, From: h.From, To: h.To, Cost: h.Cost, Possible: len(h.Missing) > 0, Ends: [][]string{h.endedBy()},
				facts: func() ([]rule.Evidence, []rule.MissingFact) { return h.Evidence, h.Missing }})
		}
	}
	return &d.PathGraph
}

func changeIDs(changes []attack.Change) []string {
	out := make([]string, len(changes))
	for i, c := range changes {
		out[i] = c.ID()
	}
	return out
}

// endedBy are the ids of the changes each of which ends a hop.
func (h *PathHop) endedBy() []string {
	out := make([]string, len(h.Ends))
	for i := range h.Ends {
		out[i] = h.Ends[i].ID
	}
	return out
}

// label is what stands at an edge: its step and what it takes.
func (e *PathEdge) label() string { return lang.Sprintf("%s · effort %d", e.Step, e.Cost) }

// does is what a move does, and to what.
func (e *PathEdge) does() string { return doing(e.Title, e.What) }

// roles say what states are to the question: "entry", "target", or "both". Those
// between are in none.
func (p *Paths) roles() map[string]string {
	out := map[string]string{}
	for _, id := range p.Entries {
		out[id] = "entry"
	}
	for _, id := range p.Targets {
		if out[id] != "" {
			out[id] = "both"
		} else {
			out[id] = "target"
		}
	}
	return out
}

// numbered gives each state a short name that any format takes: n1, n2, ….
func (g *PathGraph) numbered() map[string]string {
	out := map[string]string{}
	for i, s := range g.States {
		out[s.ID] = fmt.Sprintf("n%d", i+1)
	}
	return out
}

// bare is a state's own name: its id without kind and engine.
func (s *PathState) bare() string {
	name := strings.TrimPrefix(strings.TrimPrefix(s.ID, string(s.Kind)), ":")
	if key := rule.EngineKey(s.Engine); key != "" {
		name = strings.TrimSuffix(name, "@"+key)
	}
	return name
}
