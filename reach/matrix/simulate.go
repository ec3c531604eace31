package matrix

import (
	"slices"

	"seawall/reach"
	"seawall/reach/filter"
	"seawall/snapshot"
)

// change is something done to a namespace, by its name, or to all. What it changes
// it copies first.
type change struct {
	space string
	all   bool
	do    func(stack *snapshot.NetStack)
}

// trialsBetween are the connections of each cell of a plan.
func (p *Plan) trialsBetween() map[Pair][]*trial {
	out := map[Pair][]*trial{}
	for _, t := range p.trials {
		at := Pair{t.source, t.target}
		out[at] = append(out[at], t)
	}
	return out
}

// changed is the world after changes. Routes and sockets stay as they are, but
// for what a change does to them.
func (w *world) changed(changes []change) *reach.Net {
	var spaces []reach.Space
	for namespace, name := range w.names {
		here := slices.DeleteFunc(slices.Clone(changes), func(c change) bool { return !c.all && c.space != name })
		if len(here) == 0 {
			continue
		}
		spaces = append(spaces, reach.Space{Name: name, Stack: snapshot.Map(w.snap.NetSpace(namespace).Stack, func(stack snapshot.NetStack) snapshot.NetStack {
			for _, c := range here {
				c.do(&stack)
			}
			return stack
		})})
	}
	return w.net.Changed(spaces...)
}

// cellIn is a cell of the plan in another world.
func (p *Plan) cellIn(net *reach.Net, at Pair, trials []*trial) Cell {
	c := Cell{loopback: p.m.Targets[at.Target].loopback()}
	for _, t := range trials {
		again := *t
		again.answers, _ = net.Follow(t.connection) // a route that was not asked for: unknown
		c.Ways = append(c.Ways, again.waysOf(p)...)
	}
	c.conclude(&p.m.Sources[at.Source])
	return c
}

// through is the best way by which some of a source get to a target at a host; nil
// where there is none. Unheard: also where nobody listens.
func (c *Cell) through(s *Source, unheard bool) *Way {
	for i := range c.Ways {
		if w := &c.Ways[i]; w.Through() && (unheard || !w.Unheard) && (s.Kind != Containers || slices.ContainsFunc(s.Members, w.has)) {
			return w
		}
	}
	return nil
}

// closed says whether a source surely does not get through. Unheard: nor would it
// if somebody listened where nobody does.
func (c *Cell) closed(s *Source, t *Target, unheard bool) bool {
	switch {
	case c.through(s, unheard) != nil:
		return false
	case s.Kind != Containers:
		return c.Verdict == filter.Blocked
	}
	return !slices.ContainsFunc(s.Members, func(m Member) bool { return c.of(m, *t) != filter.Blocked })
}

// hostOf is the namespace of the machine or engine that a target is at, or behind.
func (w *world) hostOf(t *Target) string {
	if t.Kind != Port && t.Kind != OtherContainer {
		return t.space
	}
	for i := range w.snap.Engines {
		if e := &w.snap.Engines[i]; e.Name == t.Engine && e.Local {
			return w.names[engineSpace(e)]
		}
	}
	return ""
}
