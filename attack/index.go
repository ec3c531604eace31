package attack

import (
	"slices"

	"seawall/attack/graph"
)

// Index is a model in the numbers of package graph. Containers that are alike are
// one.
type Index struct {
	*Model
	Graph   *graph.Graph
	States  []State
	Changes []Change
	// Certain is the graph of the moves that rest on facts that were seen.
	Certain *graph.Graph

	moves   []int32 // the model's move of each of the graph's
	weigh   func(Change) int64
	classes map[container]*Class
	states  map[State]graph.State
	changes map[Change]graph.Change
}

// NewIndex numbers a model. The weight of a change is what weigh says; nil for its
// kind's.
func NewIndex(m *Model, weigh func(Change) int64) (*Index, error) {
	x := &Index{Model: m, weigh: weigh, classes: classes(m.Moves), states: map[State]graph.State{}, changes: map[Change]graph.Change{}}
	for i := range m.Moves {
		if x.stands(&m.Moves[i]) {
			x.moves = append(x.moves, int32(i))
		}
	}
	x.number()
	moves := make([]graph.Move, len(x.moves))
	for i, n := range x.moves {
		moves[i] = x.move(&m.Moves[n])
	}
	g, err := graph.New(len(x.States), x.weights(), moves)
	if err != nil {
		return nil, err
	}
	x.Graph = g
	x.Certain = g.Only(func(move int) bool { return !m.Moves[x.moves[move]].Possible })
	return x, nil
}

// stands reports whether a move is one of the containers that stand for others.
func (x *Index) stands(m *Move) bool {
	for _, s := range m.From {
		if !x.standsFor(s) {
			return false
		}
	}
	return x.standsFor(m.To)
}

func (x *Index) standsFor(s State) bool {
	c, is := s.holder()
	return !is || x.classes[c].Names[0] == c.name
}

// Class is the class of the container that a state is about; nil if it is about
// none.
func (x *Index) Class(s State) *Class {
	c, is := s.holder()
	if !is {
		return nil
	}
	return x.classes[c]
}

// number gives states and changes numbers in their order.
func (x *Index) number() {
	for _, n := range x.moves {
		m := &x.Moves[n]
		for _, s := range m.From {
			x.states[s] = 0
		}
		x.states[m.To] = 0
		for _, c := range m.Ends {
			x.changes[c] = 0
		}
	}
	for s := range x.states {
		x.States = append(x.States, s)
	}
	for c := range x.changes {
		x.Changes = append(x.Changes, c)
	}
	slices.SortFunc(x.States, State.Compare)
	slices.SortFunc(x.Changes, Change.Compare)
	for i, s := range x.States {
		x.states[s] = graph.State(i)
	}
	for i, c := range x.Changes {
		x.changes[c] = graph.Change(i)
	}
}

func (x *Index) move(m *Move) graph.Move {
	out := graph.Move{To: x.states[m.To], Cost: m.Cost}
	for _, s := range m.From {
		out.From = append(out.From, x.states[s])
	}
	for _, c := range m.Ends {
		out.Ends = append(out.Ends, x.changes[c])
	}
	return out
}

// weights are what changes cost.
func (x *Index) weights() []int64 {
	out := make([]int64, len(x.Changes))
	for i, c := range x.Changes {
		out[i] = x.Weight(c)
	}
	return out
}

// Weight is what a change costs in as many places as it must be made. With an engine
// that is set up anew each of its containers is.
func (x *Index) Weight(c Change) int64 {
	weight := c.Kind.Weight
	if x.weigh != nil {
		weight = x.weigh(c)
	}
	if class := x.classes[container{c.Engine, c.Subject}]; class != nil {
		weight *= class.Places
	}
	if c.Kind.Disruption == Rebuild {
		weight += x.containers[c.Engine]
	}
	return weight
}

// Pick are the states that a test is true of, in their order, by number. A container
// that stands for others is picked with any of them.
func (x *Index) Pick(is func(State) bool) []graph.State {
	var out []graph.State
	for i, s := range x.States {
		picked := is(s)
		if class := x.Class(s); class != nil && !picked {
			picked = slices.ContainsFunc(class.Names, func(name string) bool { return is(State{s.Kind, s.Engine, name}) })
		}
		if picked {
			out = append(out, graph.State(i))
		}
	}
	return out
}

// any reports whether a test is true of a change, or of the same change to a
// container that is alike.
func (x *Index) any(c Change, is func(Change) bool) bool {
	class := x.classes[container{c.Engine, c.Subject}]
	if is(c) || class == nil {
		return is(c)
	}
	return slices.ContainsFunc(class.Names, func(name string) bool {
		c.Subject = name
		return is(c)
	})
}

// Move is the model's move of one of the graph's.
func (x *Index) Move(n int) *Move { return &x.Moves[x.moves[n]] }
