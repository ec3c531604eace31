package matrix

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"seawall/parallel"
	"seawall/reach"
	"seawall/snapshot"
)

// Pair is a cell by the numbers of its source and target.
type Pair struct{ Source, Target int }

// Remedy is what would close a cell: a setting or commands. It was tried on the
// facts of the snapshot, and closes the cell there.
type Remedy struct {
	// Setting is what to set otherwise, in words; it is better than a rule.
	Setting string
	// Commands add rules, to be run as root on the machine in this order. Rules are
	// lost with the next boot, unless they are saved.
	Commands []string
	// Closes are the other cells that it closes.
	Closes []Pair
	// Breaks says what stops working, beyond the cells.
	Breaks string
}

// Remedies are what would close a cell through which connections get, the best
// first; none where nothing is known to. S is the snapshot that m, which is not
// narrowed, was made of.
// For the remedies of many cells, use [NewAdviser].
func (m *Matrix) Remedies(s *snapshot.Snapshot, source, target int) []Remedy {
	return NewAdviser(s, m).Remedies(source, target)
}

// Adviser finds remedies for the cells of a matrix.
type Adviser struct {
	m      *Matrix
	p      *Plan
	trials map[Pair][]*trial
	from   []int               // source of the plan that one of the matrix is a part of
	open   []Pair              // cells through which connections get, in order
	byPort map[uint16][]Pair   // those of them with packets for a port
	known  map[string]tried    // what was tried, by its words
	meets  map[Pair][]traffic  // of open cells: what packets are on their way
	worlds map[string]*variant // that were made for the remedies of a cell
}

// traffic is packets for a port that come to a namespace by an interface; the port
// is 0 for any, and the interface "".
type traffic struct {
	port      uint16
	space, in string
}

// variant is the world after changes, and the cells that were looked at in it.
type variant struct {
	net   *reach.Net
	cells map[Pair]Cell
}

// tried is what comes of a remedy: the cells that it closes.
type tried map[Pair]bool

// NewAdviser prepares to find remedies for a matrix of a snapshot.
func NewAdviser(s *snapshot.Snapshot, m *Matrix) *Adviser {
	a := &Adviser{m: m, p: NewPlan(s, Everything), known: map[string]tried{}, meets: map[Pair][]traffic{}, byPort: map[uint16][]Pair{}}
	a.p.prepare()
	a.trials = a.p.trialsBetween()
	k := 0
	for i := range m.Sources {
		for k < len(a.p.m.Sources)-1 && !partOf(&m.Sources[i], &a.p.m.Sources[k]) {
			k++ // parts are in the order of what they are parts of
		}
		a.from = append(a.from, k)
		for j := range m.Targets {
			if at := (Pair{i, j}); a.way(at, true) != nil {
				a.open = append(a.open, at)
				a.noteMeets(at, m.Cells[i][j].meets())
			}
		}
	}
	return a
}

func (a *Adviser) noteMeets(at Pair, meets []traffic) {
	a.meets[at] = meets
	for _, t := range meets {
		if of := a.byPort[t.port]; len(of) == 0 || of[len(of)-1] != at {
			a.byPort[t.port] = append(of, at)
		}
	}
}

func partOf(part, whole *Source) bool {
	if part.Kind != Containers || whole.Kind != Containers {
		return part.Kind == whole.Kind && part.Name == whole.Name
	}
	return slices.ContainsFunc(whole.Members, func(m Member) bool { return m.Engine == part.Members[0].Engine && m.Name == part.Members[0].Name })
}

// after is the world with some rules more.
func (a *Adviser) after(rules []insertion) *variant {
	var key strings.Builder
	for _, r := range rules {
		fmt.Fprintln(&key, r.space, r.tool, r.family(), r.table, r.text())
	}
	v := a.worlds[key.String()]
	if v == nil {
		v = &variant{a.p.w.changed(changesOf(rules)), map[Pair]Cell{}}
		a.worlds[key.String()] = v
	}
	return v
}

// cell is a cell of the matrix in another world.
func (a *Adviser) cell(v *variant, at Pair) Cell {
	whole := Pair{a.from[at.Source], at.Target}
	c, ok := v.cells[whole]
	if !ok {
		c = a.p.cellIn(v.net, whole, a.trials[whole])
	}
	return c
}

// Remedies are what would close a cell, as [Matrix.Remedies] says.
func (a *Adviser) Remedies(source, target int) []Remedy {
	at := Pair{source, target}
	if a.meets[at] == nil {
		return nil
	}
	a.worlds = map[string]*variant{}
	var out []Remedy
	for _, s := range a.settings(at) {
		world := func() *variant { return &variant{net: a.p.w.changed(s.changes)} }
		if closes := a.try(s.words, world, s.differs); closes[at] {
			out = append(out, a.remedy(Remedy{Setting: s.words, Breaks: s.breaks}, at, closes))
			break
		}
	}
	if a.m.Sources[source].Kind == Host || a.m.Targets[target].Kind == OtherHost {
		return out // whoever is on the host gets round its rules; and a rule is for a port
	}
	if rules := a.rules(at); len(rules) > 0 {
		commands := a.commands(rules)
		world := func() *variant { return a.after(rules) }
		if closes := a.try(strings.Join(commands, "\n"), world, concernsOf(rules)...); closes[at] && !a.harms(closes) {
			out = append(out, a.remedy(Remedy{Commands: commands, Breaks: breaks(rules)}, at, closes))
		}
	}
	return out
}

// remedy adds what else it closes.
func (a *Adviser) remedy(r Remedy, at Pair, closes tried) Remedy {
	for p := range closes {
		if p != at {
			r.Closes = append(r.Closes, p)
		}
	}
	slices.SortFunc(r.Closes, func(a, b Pair) int { return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Target, b.Target)) })
	return r
}

// harms says whether a rule keeps the machine from what it reaches.
func (a *Adviser) harms(closes tried) bool {
	for p := range closes {
		if a.m.Sources[p.Source].Kind == Host {
			return true
		}
	}
	return false
}

// unheard says whether nobody listens at all where a cell leads.
func (a *Adviser) unheard(at Pair) bool {
	return a.way(at, false) == nil
}

// way is the best way of a cell, as [Cell.through] says.
func (a *Adviser) way(at Pair, unheard bool) *Way {
	return a.m.Cells[at.Source][at.Target].through(&a.m.Sources[at.Source], unheard)
}

// try finds out which cells are closed in a world that differs for some packets
// alone.
func (a *Adviser) try(words string, world func() *variant, differs ...traffic) tried {
	if out, ok := a.known[words]; ok {
		return out
	}
	v := world()
	open := a.concerned(differs)
	closed := make([]bool, len(open))
	parallel.Each(len(open), func(i int) {
		at := open[i]
		s, c := &a.m.Sources[at.Source], a.cell(v, at)
		closed[i] = c.closed(s, &a.m.Targets[at.Target], a.unheard(at))
	})
	out := tried{}
	for i, p := range open {
		if closed[i] {
			out[p] = true
		}
	}
	a.known[words] = out
	return out
}

// concerned are the open cells that some packets are of.
func (a *Adviser) concerned(differs []traffic) []Pair {
	var out []Pair
	seen := map[Pair]bool{}
	for _, d := range differs {
		of := a.open
		if d.port != 0 {
			of = a.byPort[d.port]
		}
		for _, at := range of {
			if !seen[at] && slices.ContainsFunc(a.meets[at], d.holds) {
				seen[at], out = true, append(out, at)
			}
		}
	}
	return out
}

// holds says whether packets are among others.
func (d traffic) holds(p traffic) bool {
	return (d.port == 0 || d.port == p.port) && (d.in == "" || d.in == p.in && d.space == p.space)
}

// look is a cell after some rules more. It is kept: the rules are tried next.
func (a *Adviser) look(rules []insertion, at Pair) Cell {
	v := a.after(rules)
	c := a.cell(v, at)
	v.cells[Pair{a.from[at.Source], at.Target}] = c
	return c
}

// maxRules is how many rules close a cell: one for each way to it.
const maxRules = 16

// rules are those that close all ways of a cell, one after the other; none where
// some stay open.
func (a *Adviser) rules(at Pair) []insertion {
	s, t := &a.m.Sources[at.Source], &a.m.Targets[at.Target]
	var out []insertion
	for len(out) < maxRules {
		c := a.m.Cells[at.Source][at.Target]
		if len(out) > 0 {
			c = a.look(out, at)
		}
		way := c.through(s, a.unheard(at))
		if way == nil {
			return out
		}
		rule, ok := a.closing(out, at, way, a.candidates(t, way))
		if !ok {
			return nil
		}
		out = append(out, rule)
	}
	return nil
}

// closing is the first rule that lets nobody through any more by a way.
func (a *Adviser) closing(before []insertion, at Pair, way *Way, candidates []insertion) (insertion, bool) {
	s := &a.m.Sources[at.Source]
	for _, candidate := range candidates {
		c := a.look(append(slices.Clip(before), candidate), at)
		left := c.Ways
		c.Ways = nil
		for _, w := range left {
			if w.To == way.To && w.Crafted == way.Crafted && sameEntry(&w, way) {
				c.Ways = append(c.Ways, w)
			}
		}
		if c.through(s, a.unheard(at)) == nil {
			return candidate, true
		}
	}
	return insertion{}, false
}

// sameEntry says whether two ways come to the first namespace alike.
func sameEntry(a, b *Way) bool {
	return len(a.Hops) == 0 || len(b.Hops) == 0 || a.Hops[0].Space == b.Hops[0].Space && a.Hops[0].In == b.Hops[0].In
}
