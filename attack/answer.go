package attack

import (
	"cmp"
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
	// Slice are all moves, certain and possible, on the ways from entries to targets.
	Slice []*Move
	Cut   Cut
	// Undone are changes that were asked for and are of no move.
	Undone []Change
}

// Pair is an entry and a target to which there is a path.
type Pair struct {
	From, To State
	Cost     int
	Possible bool // it rests on facts that were not seen
	// Implied: the entry becomes root on the host with no more effort, who has all of
	// it. No path is told.
	Implied bool
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

// Cut is the cheapest set of changes after which no certain path is left.
type Cut struct {
	// Possible: there is one.
	Possible bool
	// Changes in the order in which they do most.
	Changes []CutChange
	// Cost is the sum of their weights, Lower what no such set costs less than.
	Cost, Lower int64
	Proven      bool // none costs less
	// Uncut is a path that no change ends, where there is no cut.
	Uncut []*Move
}

// Unordered stands for what is left where the order of changes was not worked out.
const Unordered = -1

// CutChange is one change of a cut.
type CutChange struct {
	Change
	Weight int64
	// Left is how many pairs of entry and target still have a path after it and
	// those before it; [Unordered] where the changes are too many to tell.
	Left int
	// Names are the containers that it is made to; nil for what is no container.
	Names []string
}

// All are the change to each of the containers that it is made to.
func (c *CutChange) All() []Change {
	if len(c.Names) == 0 {
		return []Change{c.Change}
	}
	out := make([]Change, len(c.Names))
	for i, name := range c.Names {
		out[i] = c.Change
		out[i].Subject = name
	}
	return out
}

// Answer answers a question. If the context ends before the cheapest cut is found,
// it gives the best that was.
func (m *Model) Answer(ctx context.Context, q Question) (*Answer, error) {
	after, undone := m.after(q.Made)
	x, err := NewIndex(after, q.Weigh)
	if err != nil {
		return nil, err
	}
	a := &Answer{Index: x, Undone: undone}
	entries := x.Pick(orKind(q.From, Kind.Begins))
	targets := x.Pick(orKind(q.To, Kind.Ends))
	if q.To == nil {
		targets = a.fewer(targets)
	}
	a.Entries, a.Targets = x.named(entries), x.named(targets)
	certain, all := x.Certain, x.Graph
	if a.SecretsLeftOut > 0 {
		whole := func(move int) bool { return !x.Move(move).Step.Part }
		certain, all = certain.Only(whole), all.Only(whole)
	}
	a.pairs(certain, all, entries, targets)
	a.paths(certain, max(q.Ways, 1), false)
	a.paths(all, 1, true)
	a.Slice = x.slice(x.Graph, entries, targets)
	if !q.NoCut {
		a.cut(ctx, entries, targets, q.Keep)
	}
	return a, nil
}

// secretsAsked is how many secrets an answer is about where nobody asks for them:
// every container of a large host has some.
const secretsAsked = 50

// fewer leaves secrets out, if there are too many of them.
func (a *Answer) fewer(targets []graph.State) []graph.State {
	few := slices.DeleteFunc(slices.Clone(targets), func(s graph.State) bool { return a.States[s].Kind == Secret })
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

func (x *Index) named(states []graph.State) []State {
	out := make([]State, len(states))
	for i, s := range states {
		out[i] = x.States[s]
	}
	return out
}

// pairs finds out which entries reach which targets.
func (a *Answer) pairs(certain, all *graph.Graph, entries, targets []graph.State) {
	sure, maybe := certain.Costs(entries, targets), all.Costs(entries, targets)
	for i, from := range a.Entries {
		for j, to := range a.Targets {
			if from == to {
				continue
			}
			if cost, ok := sure.Cost(i, j); ok {
				a.Pairs = append(a.Pairs, Pair{From: from, To: to, Cost: cost})
			} else if cost, ok := maybe.Cost(i, j); ok {
				a.Pairs = append(a.Pairs, Pair{From: from, To: to, Cost: cost, Possible: true})
			}
		}
	}
	a.imply()
}

// imply marks what whoever becomes root on the host has anyhow.
func (a *Answer) imply() {
	root := map[State]int{}
	for _, p := range a.Pairs {
		if p.To.Kind == HostRoot && !p.Possible {
			root[p.From] = p.Cost
		}
	}
	for i := range a.Pairs {
		p := &a.Pairs[i]
		cost, is := root[p.From]
		p.Implied = is && cost <= p.Cost && (p.To.Kind == HostRead || p.To.Kind == Registry || p.To.Kind == Secret || p.To.Kind == Outage)
	}
}

// paths finds different paths from each kind of entry to each target that has
// such pairs.
func (a *Answer) paths(g *graph.Graph, ways int, possible bool) {
	type end struct {
		kind Kind
		to   State
	}
	from := map[end][]graph.State{}
	for _, p := range a.Pairs {
		if p.Possible == possible && !p.Implied {
			e := end{p.From.Kind, p.To}
			from[e] = append(from[e], a.states[p.From])
		}
	}
	var paths []Path
	kinds, begin := a.kinds(), a.beginnings(possible)
	for e, starts := range from {
		for _, way := range g.Different(starts, a.states[e.to], ways, kinds) {
			p := a.path(way, e.to, possible)
			p.Like = a.like(&p, starts, begin)
			paths = append(paths, p)
		}
	}
	slices.SortFunc(paths, Path.compare)
	a.Paths = append(a.Paths, distinct(paths)...)
}

// kinds groups moves that are the same to a reader: a step at a site. What follows
// once ways have met, as in whoever controls an engine, makes none of them another.
func (a *Answer) kinds() func(n int) int32 {
	type place struct {
		step *Step
		site *Site
	}
	known := map[place]int32{}
	kinds := make([]int32, len(a.moves))
	for n := range kinds {
		m := a.Move(n)
		if m.Step == takenOver || !m.From[0].Kind.Begins() && m.From[0].Kind != ContainerRoot {
			kinds[n] = -1
			continue
		}
		at := place{m.Step, m.site}
		kind, have := known[at]
		if !have {
			kind = int32(len(known))
			known[at] = kind
		}
		kinds[n] = kind
	}
	return func(n int) int32 { return kinds[n] }
}

// path is a derivation as a path.
func (a *Answer) path(way []int, to State, possible bool) Path {
	p := Path{To: to, Possible: possible}
	got := map[State]bool{}
	for _, n := range way {
		m := a.Move(n)
		p.Moves = append(p.Moves, m)
		p.Cost += m.Cost
		for _, s := range m.From {
			if !got[s] && !slices.Contains(p.From, s) {
				p.From = append(p.From, s)
			}
		}
		got[m.To] = true
	}
	return p
}

// rank orders targets, the worst first.
var rank = map[Kind]int{HostRoot: 1, EngineControl: 2, SwarmManager: 3, HostRead: 4, OtherHost: 5, Registry: 6, Secret: 7}

// begin orders entries, the farthest first.
var begin = map[Kind]int{Internet: 1, LAN: 2, ImageAuthor: 3, Container: 4, LocalUser: 5}

// CompareTargets orders kinds of targets, the worst first.
func CompareTargets(a, b Kind) int {
	place := func(k Kind) int {
		if n, has := rank[k]; has {
			return n
		}
		return len(rank) + 1
	}
	return cmp.Compare(place(a), place(b))
}

// CompareEntries orders kinds of entries, the farthest first.
func CompareEntries(a, b Kind) int { return cmp.Compare(begin[a], begin[b]) }

func (p Path) compare(q Path) int {
	return cmp.Or(
		CompareTargets(p.To.Kind, q.To.Kind), p.To.Compare(q.To),
		cmp.Compare(p.Cost, q.Cost), cmp.Compare(begin[p.From[0].Kind], begin[q.From[0].Kind]),
		cmp.Compare(len(p.Moves), len(q.Moves)), slices.CompareFunc(p.From, q.From, State.Compare),
		slices.CompareFunc(p.Moves, q.Moves, func(a, b *Move) int { return cmp.Or(cmp.Compare(a.Step.ID, b.Step.ID), a.To.Compare(b.To)) }),
	)
}

// distinct leaves out paths that are a part of another one, which tells of them
// too.
func distinct(paths []Path) []Path {
	return slices.DeleteFunc(slices.Clone(paths), func(p Path) bool {
		return slices.ContainsFunc(paths, func(q Path) bool { return len(q.Moves) > len(p.Moves) && holds(q.Moves, p.Moves) })
	})
}

// holds reports whether moves stand in a row in others.
func holds(moves, part []*Move) bool {
	for i := range len(moves) - len(part) + 1 {
		if slices.Equal(moves[i:i+len(part)], part) {
			return true
		}
	}
	return false
}

// cut finds the changes that end all certain paths.
func (a *Answer) cut(ctx context.Context, entries, targets []graph.State, keep func(Change) bool) {
	entries = slices.DeleteFunc(slices.Clone(entries), func(s graph.State) bool { return slices.Contains(targets, s) })
	var kept []graph.Change
	for i, c := range a.Changes {
		if keep != nil && a.any(c, keep) {
			kept = append(kept, graph.Change(i))
		}
	}
	cut := a.Certain.Cut(ctx, entries, targets, kept...)
	a.Cut = Cut{Possible: cut.Possible, Cost: cut.Cost, Lower: cut.Lower, Proven: cut.Proven}
	for _, n := range cut.Uncuttable {
		a.Cut.Uncut = append(a.Cut.Uncut, a.Move(n))
	}
	a.Cut.Changes = a.order(a.Certain, cut.Changes, entries, targets)
}

// ordered is the number of changes up to which it is worked out which do most, and
// what is left after each: beyond, it takes longer than finding them.
const ordered = 100

// assumed is the cost from which a move takes a fault that is assumed.
const assumed = 4

// order puts changes in the order in which they do most: first against the worst
// targets and without faults that are assumed, then against all.
func (a *Answer) order(g *graph.Graph, changes []graph.Change, entries, targets []graph.State) []CutChange {
	var out []CutChange
	if len(changes) > ordered {
		for _, n := range changes {
			out = append(out, a.cutChange(n, Unordered))
		}
		return out
	}
	worst := slices.DeleteFunc(slices.Clone(targets), func(s graph.State) bool {
		return CompareTargets(a.States[s].Kind, SwarmManager) > 0
	})
	sure := g.Only(func(move int) bool { return a.Move(move).Cost < assumed })
	for _, step := range sure.Order(entries, worst, changes) {
		if !sure.Reaches(entries, worst) {
			break
		}
		g, sure = g.After(step.Change), sure.After(step.Change)
		out = append(out, a.cutChange(step.Change, g.Costs(entries, targets).Pairs()))
		changes = slices.DeleteFunc(slices.Clone(changes), func(c graph.Change) bool { return c == step.Change })
	}
	for _, step := range g.Order(entries, targets, changes) {
		out = append(out, a.cutChange(step.Change, step.Left))
	}
	return out
}

func (a *Answer) cutChange(n graph.Change, left int) CutChange {
	c := CutChange{Change: a.Changes[n], Weight: a.Graph.Weight([]graph.Change{n}), Left: left}
	if class := a.classes[container{c.Engine, c.Subject}]; class != nil {
		c.Names = class.Names
	}
	return c
}
