package attack

import (
	"slices"

	"seawall/attack/graph"
)

// Index is what of a model a question is about: the moves that are there, of
// containers that are alike those of one, and of them the graph of those that lead
// to the targets.
type Index struct {
	*Model

	weigh   func(Change) int64
	classes *classes
	moves   []int32 // the model's moves that are there
	in      []int32 // those by the state they lead to: of state s from inAt[s] to inAt[s+1]
	inAt    []int32

	graph   *graph.Graph
	certain *graph.Graph  // of the moves that rest on facts that were seen
	used    []int32       // of each of the graph's moves: the model's
	states  []int32       // of each of the graph's states: the model's
	numbers []graph.State // of each of the model's states: the graph's, or none
	changes []int32       // of each of the graph's changes: the model's
	written map[int32]*Move
}

// newIndex is the index of a model without some changes, those of which end no move
// it gives. The weight of a change is what weigh says; nil for its kind's.
func newIndex(m *Model, made []Change, weigh func(Change) int64) (*Index, []Change) {
	there, undone := m.after(made)
	x := &Index{Model: m, weigh: weigh, classes: newClasses(m, there), written: map[int32]*Move{}}
	x.moves = slices.DeleteFunc(there, func(v int32) bool { return !x.stands(v) })
	x.inAt = make([]int32, len(m.states)+1)
	for _, v := range x.moves {
		x.inAt[m.moves.list[v].to+1]++
	}
	for s := range m.states {
		x.inAt[s+1] += x.inAt[s]
	}
	x.in = make([]int32, len(x.moves))
	next := slices.Clone(x.inAt)
	for _, v := range x.moves {
		to := m.moves.list[v].to
		x.in[next[to]] = v
		next[to]++
	}
	return x, undone
}

// after are the moves after changes have been made, and those of the changes that
// end no move.
func (m *Model) after(made []Change) (there []int32, undone []Change) {
	there = make([]int32, 0, m.Len())
	done := map[Change]bool{} // of those made: it ends a move
	for _, c := range made {
		done[c] = false
	}
	for v := range int32(m.Len()) {
		stays := true
		for _, n := range m.moves.endsOf(v) {
			if len(made) == 0 {
				break
			}
			if _, is := done[m.changes[n]]; is {
				stays, done[m.changes[n]] = false, true
			}
		}
		if stays {
			there = append(there, v)
		}
	}
	return there, slices.DeleteFunc(slices.Clone(made), func(c Change) bool { return done[c] })
}

// stands reports whether a move is one of the containers that stand for others.
func (x *Index) stands(v int32) bool {
	for _, s := range x.Model.moves.fromOf(v) {
		if !x.classes.stands(s) {
			return false
		}
	}
	return x.classes.stands(x.Model.moves.list[v].to)
}

// Class is the class of the container that a state is about; nil if it is about
// none.
func (x *Index) Class(s State) *Class {
	if c, is := s.holder(); is {
		return x.classes.at(c.engine, c.name)
	}
	return nil
}

// Weight is what a change costs in as many places as it must be made. With an engine
// that is set up anew each of its containers is.
func (x *Index) Weight(c Change) int64 {
	weight := c.Kind.Weight
	if x.weigh != nil {
		weight = x.weigh(c)
	}
	if class := x.classes.at(c.Engine, c.Subject); class != nil {
		weight *= class.Places
	}
	if c.Kind.Disruption == Rebuild {
		weight += x.containers[c.Engine]
	}
	return weight
}

// pick are the states that a test is true of, in their order. A container that
// stands for others is picked with any of them.
func (x *Index) pick(is func(State) bool) []int32 {
	has := make([]bool, len(x.Model.states))
	for _, v := range x.moves {
		for _, s := range x.Model.moves.fromOf(v) {
			has[s] = true
		}
		has[x.Model.moves.list[v].to] = true
	}
	var out []int32
	for i, s := range x.Model.states {
		if !has[i] {
			continue
		}
		picked := is(s)
		if n := x.classes.of[i]; n != none && !picked {
			picked = slices.ContainsFunc(x.classes.class[n].Names[1:], func(name string) bool { return is(State{s.Kind, s.Engine, name}) })
		}
		if picked {
			out = append(out, int32(i))
		}
	}
	return out
}

// any reports whether a test is true of a change, or of the same change to a
// container that is alike.
func (x *Index) any(c Change, is func(Change) bool) bool {
	class := x.classes.at(c.Engine, c.Subject)
	if is(c) || class == nil {
		return is(c)
	}
	return slices.ContainsFunc(class.Names, func(name string) bool {
		c.Subject = name
		return is(c)
	})
}

// move is one of the graph's moves, in the model's numbers.
func (x *Index) move(n int) *move { return &x.Model.moves.list[x.used[n]] }

// state is one of the graph's states.
func (x *Index) state(n graph.State) State { return x.Model.states[x.states[n]] }

// change is one of the graph's changes.
func (x *Index) change(n graph.Change) Change { return x.Model.changes[x.changes[n]] }

// write writes one of the graph's moves out, each once.
func (x *Index) write(n int) *Move {
	v := x.used[n]
	if x.written[v] == nil {
		w := writer{Model: x.Model}
		m := w.write(v)
		x.written[v] = &m
	}
	return x.written[v]
}

func (x *Index) named(states []int32) []State {
	out := make([]State, len(states))
	for i, s := range states {
		out[i] = x.Model.states[s]
	}
	return out
}
