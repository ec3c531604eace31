package report

import (
	"fmt"
	"slices"
	"strings"

	"seawall/attack"
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
}

// graph is the slice of the model that lies on the ways from entries to targets.
func (b pathBuilder) graph(slice []*attack.Move) PathGraph {
	part := pathBuilder{Paths: &Paths{}, answer: b.answer, known: map[attack.State]bool{}}
	var g PathGraph
	for _, m := range slice {
		g.add(PathEdge{
			Step: m.Step.ID, Title: m.Step.Title, What: m.What(), ATTACK: m.Step.ATTACK,
			From: part.ids(m.From), To: part.id(m.To), Cost: m.Cost, Possible: m.Possible,
		})
	}
	g.States = part.States
	return g
}

// add adds an edge, unless there is one that says the same. A certain one stands
// for possible ones, the easiest for all.
func (g *PathGraph) add(e PathEdge) {
	i := slices.IndexFunc(g.Edges, func(o PathEdge) bool { return o.Step == e.Step && o.To == e.To && slices.Equal(o.From, e.From) })
	if i < 0 {
		g.Edges = append(g.Edges, e)
		return
	}
	o := &g.Edges[i]
	if o.Possible && !e.Possible || o.Possible == e.Possible && e.Cost < o.Cost {
		*o = e
	}
}

// label is what stands at an edge: its step and what it takes.
func (e *PathEdge) label() string { return fmt.Sprintf("%s · effort %d", e.Step, e.Cost) }

// role says what a state is to the question: "entry", "target", "both", or ""
// for one between.
func (p *Paths) role(id string) string {
	switch entry, target := slices.Contains(p.Entries, id), slices.Contains(p.Targets, id); {
	case entry && target:
		return "both"
	case entry:
		return "entry"
	case target:
		return "target"
	}
	return ""
}

// union are the states and moves of paths, each once.
func (p *Paths) union(paths []Path) PathGraph {
	var g PathGraph
	names, known := p.names(), map[string]bool{}
	need := func(ids ...string) {
		for _, id := range ids {
			if !known[id] {
				known[id] = true
				g.States = append(g.States, *names[id])
			}
		}
	}
	for i := range paths {
		need(paths[i].From...)
		for _, h := range paths[i].Hops {
			need(h.From...)
			need(h.To)
			g.add(PathEdge{Step: h.Step, Title: h.Title, What: h.What, ATTACK: h.ATTACK, From: h.From, To: h.To, Cost: h.Cost, Possible: len(h.Missing) > 0})
		}
	}
	return g
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
