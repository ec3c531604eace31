package matrix

import (
	"cmp"
	"slices"
	"strings"

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
