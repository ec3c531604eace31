package attack

import (
	"cmp"
	"slices"

	"seawall/attack/graph"
	"seawall/parallel"
)

// pairs finds out which entries reach which targets. What may be is asked only where
// nothing is certain.
func (a *Answer) pairs(certain, all *graph.Graph) {
	sure := certain.Costs(a.entries, a.targets)
	entries, targets := a.doubtful(sure, all)
	maybe := all.Costs(numbered(a.entries, entries), numbered(a.targets, targets))
	a.Pairs = make([]Pair, 0, sure.Pairs()+maybe.Pairs())
	for i, from := range a.entries {
		row, asked := slices.BinarySearch(entries, i)
		for j, to := range a.targets {
			cost, is := sure.Cost(i, j)
			possible := !is && asked
			if possible {
				if column, also := slices.BinarySearch(targets, j); also {
					cost, is = maybe.Cost(row, column)
				}
			}
			if is && from != to {
				a.Pairs = append(a.Pairs, Pair{From: a.state(from), To: a.state(to), Cost: cost, Possible: possible, starts: a.entries[i : i+1 : i+1], to: to})
			}
		}
	}
	a.together(certain)
	a.imply()
}

// doubtful are the numbers of the entries that do not surely reach all that somebody
// may reach, and of those targets.
func (a *Answer) doubtful(sure *graph.Table, all *graph.Graph) (entries, targets []int) {
	had := all.Derivable(a.entries...)
	for j, to := range a.targets {
		if _, may := slices.BinarySearch(had, to); !may {
			continue
		}
		before := len(entries)
		for i, from := range a.entries {
			if _, is := sure.Cost(i, j); !is && from != to {
				entries = append(entries, i)
			}
		}
		if len(entries) > before {
			targets = append(targets, j)
		}
	}
	slices.Sort(entries)
	return slices.Compact(entries), targets
}

// numbered are the elements of a list with some numbers.
func numbered(list []graph.State, numbers []int) []graph.State {
	out := make([]graph.State, len(numbers))
	for i, n := range numbers {
		out[i] = list[n]
	}
	return out
}

// together adds the cheapest ways to targets that take several entries at once and
// to which none leads for certain by itself.
func (a *Answer) together(certain *graph.Graph) {
	reached := map[graph.State]bool{}
	for i := range a.Pairs {
		reached[a.Pairs[i].to] = reached[a.Pairs[i].to] || !a.Pairs[i].Possible
	}
	all := certain.Cheapest(a.entries...)
	for _, target := range a.targets {
		if reached[target] || slices.Contains(a.entries, target) {
			continue
		}
		if cost, ok := all.Cost(target); ok {
			starts := a.begins(all.Derivation(target))
			p := Pair{From: a.state(starts[0]), To: a.state(target), Cost: cost, starts: starts, to: target}
			for _, s := range starts[1:] {
				p.With = append(p.With, a.state(s))
			}
			a.Pairs = append(a.Pairs, p)
		}
	}
}

// imply marks what whoever becomes root on the host has anyhow.
func (a *Answer) imply() {
	root := map[graph.State]int{}
	for i := range a.Pairs {
		if p := &a.Pairs[i]; p.To.Kind == HostRoot && !p.Possible && len(p.With) == 0 {
			root[p.starts[0]] = p.Cost
		}
	}
	for i := range a.Pairs {
		p := &a.Pairs[i]
		cost, is := root[p.starts[0]]
		p.Implied = is && len(p.With) == 0 && cost <= p.Cost && (p.To.Kind == HostRead || p.To.Kind == Registry || p.To.Kind == Secret || p.To.Kind == Outage)
	}
}

// paths finds different paths from each kind of entry to each target that has such
// pairs: some that are certain, and where none is one that is possible.
func (a *Answer) paths(certain, all *graph.Graph, ways int) {
	ends := append(a.ends(false), a.ends(true)...)
	found := make([][][]int, len(ends))
	kinds := a.kinds()
	parallel.Each(len(ends), func(i int) {
		if e := &ends[i]; e.possible {
			found[i] = all.Different(e.starts, e.to, 1, kinds)
		} else {
			found[i] = certain.Different(e.starts, e.to, ways, kinds)
		}
	})
	var paths, maybe, first, firstMaybe []Path
	for i := range ends {
		e := &ends[i]
		for n, way := range found[i] {
			p := a.path(way, e.to, e.starts, e.possible)
			list, easiest := &paths, &first
			if e.possible {
				list, easiest = &maybe, &firstMaybe
			}
			*list = append(*list, p)
			if n == 0 {
				*easiest = append(*easiest, p)
			}
		}
	}
	a.Paths = append(inOrder(paths), inOrder(maybe)...)
	a.Easiest = append(inOrder(first), inOrder(firstMaybe)...)
}

// inOrder sorts paths, the worst first, and leaves out those that others tell of.
func inOrder(list []Path) []Path {
	slices.SortStableFunc(list, Path.compare)
	return distinct(list)
}

// end is a target with the entries of a kind that reach it, for certain or perhaps.
type end struct {
	to       graph.State
	possible bool
	starts   []graph.State
}

// ends are those of the pairs that are certain, or of the others.
func (a *Answer) ends(possible bool) []end {
	type at struct {
		kind Kind
		to   graph.State
	}
	known := map[at]int{}
	var out []end
	for i := range a.Pairs {
		p := &a.Pairs[i]
		if p.Possible != possible || p.Implied {
			continue
		}
		n, has := known[at{p.From.Kind, p.to}]
		if !has {
			n = len(out)
			known[at{p.From.Kind, p.to}] = n
			out = append(out, end{to: p.to, possible: possible})
		}
		out[n].starts = append(out[n].starts, p.starts...)
	}
	return out
}

// kinds groups moves that are the same to a reader: a step at a site. What follows
// once ways have met, as in whoever controls an engine, makes none of them another.
func (a *Answer) kinds() []int32 {
	kinds := make([]int32, len(a.used))
	number := int32(0)
	for n := range kinds {
		m := a.move(n)
		if n > 0 && (m.step != a.move(n-1).step || m.site != a.move(n-1).site) {
			number++ // the moves of a step at a site follow each other
		}
		kinds[n] = number
		first := a.Model.states[a.Model.moves.fromOf(a.used[n])[0]].Kind
		if m.step == none || !first.Begins() && first != ContainerRoot {
			kinds[n] = none
		}
	}
	return kinds
}

// path is a derivation as a path. Starts are the entries that it may begin at.
func (a *Answer) path(way []int, to graph.State, starts []graph.State, possible bool) Path {
	p := Path{To: a.state(to), Possible: possible}
	for _, n := range way {
		p.Moves = append(p.Moves, a.write(n))
		p.Cost += int(a.move(n).cost)
	}
	from := a.begins(way)
	for _, s := range from {
		p.From = append(p.From, a.state(s))
	}
	p.Like = a.like(way, from, starts, possible)
	return p
}

// begins are the states that a derivation begins at, in the order in which it needs
// them.
func (a *Answer) begins(way []int) []graph.State {
	var out []graph.State
	got := map[int32]bool{}
	for _, n := range way {
		for _, s := range a.Model.moves.fromOf(a.used[n]) {
			if !got[s] {
				got[s] = true
				out = append(out, a.numbers[s])
			}
		}
		got[a.move(n).to] = true
	}
	return out
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
