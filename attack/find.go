package attack

import (
	"cmp"
	"slices"

	"seawall/attack/graph"
)

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
	type kind struct {
		step *Step
		site *Site
	}
	known := map[kind]int32{}
	kinds := make([]int32, len(a.moves))
	for n := range kinds {
		m := a.Move(n)
		if m.Step == takenOver || !m.From[0].Kind.Begins() && m.From[0].Kind != ContainerRoot {
			kinds[n] = -1
			continue
		}
		at := kind{m.Step, m.site}
		number, have := known[at]
		if !have {
			number = int32(len(known))
			known[at] = number
		}
		kinds[n] = number
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
