package attack

import (
	"context"
	"slices"

	"seawall/attack/graph"
)

// Question is what somebody wants to know of a model.
type Question struct {
	// From and To say at which states an attack begins and what it is for; nil for
	// those of [Kind.Begins] and [Kind.Ends].
	From, To func(State) bool
	// Keep says which changes are off the table; nil for none.
	Keep func(Change) bool
	// Weigh is what a change costs; nil for its kind's weight.
	Weigh func(Change) int64
	// Made are changes that count as made.
	Made []Change
	// Ways is how many different paths are told of each kind of beginning and each
	// target.
	Ways int
	// NoCut leaves the cut out.
	NoCut bool
}

// Answer is what an attacker gets to, by which paths, and what ends them.
type Answer struct {
	*Index
	// Entries and Targets are the states that were asked about and are there.
	Entries, Targets []State
	// SecretsLeftOut is how many secrets the answer is not about, for there are too
	// many.
	SecretsLeftOut int
	// Pairs are the entries and targets between which there is a path, by entry and
	// target.
	Pairs []Pair
	// Paths are different paths, the worst first: those that are certain, then those
	// that are possible.
	Paths []Path
	// Easiest are the easiest path of each kind of beginning to each target, in the same
	// order: what Paths are where one way is asked for.
	Easiest []Path
	Cut     Cut
	// Undone are changes that were asked for and are of no move.
	Undone []Change

	entries, targets []graph.State // those that ways lead from and to
}

// Pair is an entry and a target to which there is a path.
type Pair struct {
	From, To State
	// With are the further entries that it takes together with From: no entry by
	// itself reaches the target for certain.
	With     []State
	Cost     int
	Possible bool // it rests on facts that were not seen
	// Implied: the entry becomes root on the host with no more effort, who has all of
	// it. No path is told.
	Implied bool

	starts []graph.State // From and With
	to     graph.State
}

// Path is one way from an entry to a target.
type Path struct {
	// From are the entries that it begins at: several where it takes more than one
	// foothold.
	From []State
	To   State
	Cost int
	// Moves are in an order in which they can be made.
	Moves    []*Move
	Possible bool
	// Like are the other entries of the same kind at which the path can begin too.
	Like []State
}

// Answer answers a question. If the context ends before the cheapest cut is found,
// it gives the best that was.
func (m *Model) Answer(ctx context.Context, q Question) (*Answer, error) {
	x, undone := newIndex(m, q.Made, q.Weigh)
	a := &Answer{Index: x, Undone: undone}
	entries := x.pick(orKind(q.From, Kind.Begins))
	targets := x.pick(orKind(q.To, Kind.Ends))
	if q.To == nil {
		targets = a.fewer(targets)
	}
	a.Entries, a.Targets = x.named(entries), x.named(targets)
	if err := x.focus(targets, !q.NoCut); err != nil {
		return nil, err
	}
	a.entries, a.targets = a.leading(entries), a.leading(targets)
	certain, all := x.certain, x.graph
	if a.SecretsLeftOut > 0 {
		whole := func(n int) bool { m := x.move(n); return m.step == none || !m.of(x.book).Part }
		certain, all = certain.Only(whole), all.Only(whole)
	}
	a.pairs(certain, all)
	a.paths(certain, all, max(q.Ways, 1))
	if !q.NoCut {
		a.cut(ctx, q.Keep)
	}
	return a, nil
}

// leading are those of the states that lead to a target, in the graph's numbers.
func (a *Answer) leading(states []int32) []graph.State {
	var out []graph.State
	for _, s := range states {
		if n := a.numbers[s]; n != none {
			out = append(out, n)
		}
	}
	return out
}

// Slice are all moves, certain and possible, on the ways from entries to targets.
func (a *Answer) Slice() []*Move {
	var out []*Move
	for _, n := range a.graph.Slice(a.entries, a.targets) {
		out = append(out, a.write(n))
	}
	return out
}

// secretsAsked is how many secrets an answer is about where nobody asks for them:
// every container of a large host has some.
const secretsAsked = 50

// fewer leaves secrets out, if there are too many of them.
func (a *Answer) fewer(targets []int32) []int32 {
	few := slices.DeleteFunc(slices.Clone(targets), func(s int32) bool { return a.Model.states[s].Kind == Secret })
	if n := len(targets) - len(few); n > secretsAsked {
		a.SecretsLeftOut = n
		return few
	}
	return targets
}

func orKind(is func(State) bool, kind func(Kind) bool) func(State) bool {
	if is != nil {
		return is
	}
	return func(s State) bool { return kind(s.Kind) }
}
