package matrix

import (
	"fmt"
	"strings"

	"seawall/parallel"
	"seawall/reach"
)

// variant is the world after changes, and the cells that were looked at in it.
type variant struct {
	net   *reach.Net
	cells map[Pair]Cell
}

// tried is what comes of a remedy: the cells that it closes.
type tried map[Pair]bool

// after is the world with some rules more.
func (a *Adviser) after(rules []insertion) *variant {
	var key strings.Builder
	for _, r := range rules {
		fmt.Fprintln(&key, r.space, r.tool, r.family(), r.table, r.chain, r.text())
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

// look is a cell after some rules more. It is kept: the rules are tried next.
func (a *Adviser) look(rules []insertion, at Pair) Cell {
	v := a.after(rules)
	c := a.cell(v, at)
	v.cells[Pair{a.from[at.Source], at.Target}] = c
	return c
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
