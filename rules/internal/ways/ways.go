// Package ways has the questions that rules ask of who reaches what, and makes
// sure that what is not known is no pass.
package ways

import (
	"slices"

	"seawall/lang"
	"seawall/reach/filter"
	"seawall/reach/matrix"
	"seawall/rule"
	"seawall/snapshot"
)

// View is who reaches what, as the check of one subject sees it.
type View struct {
	*matrix.Matrix
	c       *rule.Context
	filters map[string]snapshot.PacketFilter // by the names of their namespaces
	origin  snapshot.Origin                  // of those of the engine
}

// Of reads what everything here rests on. The check ends as unknown where the
// network of the engine or its packet filters were not read.
func Of(c *rule.Context) *View {
	at := snapshot.At("network", "/proc/PID/ns/net of the engine")
	if !c.Engine.Local && !c.Snapshot.Declared {
		c.Missed(at, snapshot.Gap{Reason: snapshot.ReasonRemote, Detail: lang.T("the engine runs on another machine"), Remedy: lang.T("audit on that machine")})
		c.Stop()
	}
	v := &View{c: c, filters: map[string]snapshot.PacketFilter{}}
	process, ok := c.Engine.Daemon.Process.Look(c)
	if own := c.Snapshot.NetSpace(process.Namespaces["net"]); ok && own == nil {
		c.Missed(at, snapshot.Gap{Reason: snapshot.ReasonNotCollected, Detail: lang.T("the network of the engine was not read"), Remedy: lang.T("run as root")})
		ok = false
	} else if ok {
		ok = v.read(own, matrix.SpaceOf(c.Snapshot, c.Engine))
	}
	for i := range c.Snapshot.Net { // which may be another than the engine's
		if n := &c.Snapshot.Net[i]; ok && n.Host {
			ok = v.read(n, matrix.HostName())
		}
	}
	if !ok {
		c.Stop()
	}
	v.Matrix = c.Reach()
	return v
}

// read reads a network namespace.
func (v *View) read(n *snapshot.NetSpace, name string) (ok bool) {
	stack, ok := n.Stack.Look(v.c)
	if !ok {
		return false
	}
	v.filters[name], ok = stack.Filter.Look(v.c)
	if v.origin.Path == "" {
		v.origin = stack.Filter.Origin()
	}
	return ok
}

// Containers makes sure that it is known which containers run on this machine.
func (v *View) Containers() {
	for i := range v.c.Snapshot.Engines {
		e := &v.c.Snapshot.Engines[i]
		if !e.Local {
			continue
		}
		containers, _ := e.Containers.Look(v.c)
		for j := range containers {
			containers[j].State.Look(v.c)
		}
	}
}

// Reached is a source that gets to a target, and how.
type Reached struct {
	Source *matrix.Source
	Way    *matrix.Way
	Partly bool // its other addresses are kept out
}

// Asked is what somebody wants to know about a target.
type Asked struct {
	Sources func(*matrix.Source) bool // those that matter
	// Open says of a way that it is one; Counts whether it matters, nil for all.
	Open   func(*matrix.Way) bool
	Counts func(*matrix.Source, *matrix.Way) bool
}

// Open: the connection is taken.
func Open(w *matrix.Way) bool { return w.Verdict == filter.Open }

// Outside are the sources on other machines.
func Outside(s *matrix.Source) bool { return s.Kind == matrix.Internet || s.Kind == matrix.Network }

// Who are the sources that get to a target. For those of which it is not known
// the check can no longer pass.
func (v *View) Who(target int, a Asked) []Reached {
	var out []Reached
	for i := range v.Sources {
		s, cell := &v.Sources[i], &v.Cells[i][target]
		if !a.Sources(s) {
			continue
		}
		r, unknown := a.reached(s, cell)
		switch {
		case r.Way != nil:
			out = append(out, r)
		case unknown != "":
			v.missed(i, target, unknown)
		}
	}
	return out
}

// reached is how a source gets there, by a way for all of its addresses if there
// is one; else why that is not known, "" where it does not.
func (a Asked) reached(s *matrix.Source, cell *matrix.Cell) (r Reached, unknown string) {
	if cell.Verdict == filter.Unknown {
		unknown = cell.Why
	}
	for i := range cell.Ways {
		w := &cell.Ways[i]
		switch {
		case a.Counts != nil && !a.Counts(s, w):
		case a.Open(w):
			if partly := a.partly(cell, w); r.Way == nil || !partly {
				r = Reached{Source: s, Way: w, Partly: partly}
			}
		case w.Verdict == filter.Unknown && unknown == "":
			unknown = w.Why
		}
	}
	return r, unknown
}

// partly says whether others of a source do not get to where some do.
func (a Asked) partly(cell *matrix.Cell, open *matrix.Way) bool {
	return slices.ContainsFunc(cell.Ways, func(w matrix.Way) bool { return w.To == open.To && !a.Open(&w) })
}

// most is how many names and pieces of evidence a finding has.
const most = 3

// Cite makes evidence of what lets sources through.
func (v *View) Cite(list []Reached) {
	for i := range list {
		if i == most {
			return
		}
		v.c.Cite(v.origin, lang.Sprintf("%s to %s: %s", list[i].Source.Name, list[i].Way.To, LetBy(list[i].Way)))
	}
}

// LetBy is the last rule or policy that accepted the connection on its way: where
// it is forwarded, or else where it arrives.
func LetBy(w *matrix.Way) string {
	var step filter.Step
	for _, hop := range w.Hops {
		for _, s := range hop.Trail {
			if s.Reply || s.Effect != "accept" || s.Kind != "rule" && s.Kind != "policy" {
				continue
			}
			if s.Hook == "forward" || s.Hook == "input" && step.Hook != "forward" {
				step = s
			}
		}
	}
	if step.Kind == "" {
		return lang.T("no rule is in the way")
	}
	return step.String()
}

// Names are the sources in words, no more than three of them. Containers are
// named one by one.
func Names(list []Reached) string {
	var names []string
	for _, r := range list {
		if r.Source.Kind == matrix.Internet || r.Source.Kind == matrix.Network {
			names = append(names, r.Source.Name)
			continue
		}
		for _, m := range r.Source.Members {
			names = append(names, m.Name)
		}
	}
	return List(names)
}

// Members are the containers that a target stands for, no more than three of them.
func Members(t *matrix.Target) string {
	names := make([]string, len(t.Members))
	for i, m := range t.Members {
		names[i] = m.Name
	}
	return List(names)
}

// List puts names in a sentence, no more than three.
func List(names []string) string {
	if len(names) > most {
		return lang.Sprintf("%s and %d more", lang.Comma(names[:most]), len(names)-most)
	}
	return lang.Comma(names)
}
