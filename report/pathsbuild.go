package report

import (
	"sync"

	"seawall/attack"
	"seawall/rule"
	"seawall/snapshot"
)

// BuildPaths puts an answer about a snapshot into words.
func BuildPaths(tool string, s *snapshot.Snapshot, a *attack.Answer, made []attack.Change) *Paths {
	p := &Paths{
		Format: PathsFormat, Tool: tool, TakenAt: s.TakenAt, Host: summarizeHost(&s.Host), Engines: []Engine{}, Assumed: s.Assumed,
		States: []PathState{}, Entries: []string{}, Targets: []string{}, Pairs: []PathPair{}, Paths: []Path{}, Gaps: a.Gaps,
	}
	if p.Gaps == nil {
		p.Gaps = []rule.MissingFact{}
	}
	for i := range s.Engines {
		p.Engines = append(p.Engines, summarizeEngine(s, &s.Engines[i]))
	}
	b := pathBuilder{Paths: p, answer: a, known: map[attack.State]bool{}}
	for _, c := range made {
		p.Made = append(p.Made, b.change(c))
	}
	p.SecretsLeftOut = a.SecretsLeftOut
	p.Entries, p.Targets = b.ids(a.Entries), b.ids(a.Targets)
	for _, pair := range a.Pairs {
		p.Pairs = append(p.Pairs, PathPair{b.id(pair.From), b.id(pair.To), b.ids(pair.With), pair.Cost, pair.Possible, pair.Implied})
	}
	for i := range a.Paths {
		p.Paths = append(p.Paths, b.path(&a.Paths[i]))
	}
	p.Cut = b.cut(&a.Cut)
	p.Graph = sync.OnceValue(func() *PathGraph { return b.graph(a.Slice()) })
	return p
}

// pathBuilder gathers the states that an answer names.
type pathBuilder struct {
	*Paths
	answer *attack.Answer
	known  map[attack.State]bool
}

// id is that of a state, which the answer now tells of.
func (b pathBuilder) id(s attack.State) string {
	id := s.ID()
	if !b.known[s] {
		b.known[s] = true
		state := PathState{ID: id, Kind: s.Kind, Name: s.String(), Engine: s.Engine}
		if class := b.answer.Class(s); class != nil && len(class.Names) > 1 {
			state.Members = class.Names
			for _, name := range class.Names {
				state.IDs = append(state.IDs, attack.State{Kind: s.Kind, Engine: s.Engine, Name: name}.ID())
			}
		}
		b.States = append(b.States, state)
	}
	return id
}

func (b pathBuilder) ids(list []attack.State) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = b.id(s)
	}
	return out
}

func (b pathBuilder) path(p *attack.Path) Path {
	return Path{From: b.ids(p.From), To: b.id(p.To), Cost: p.Cost, Possible: p.Possible, Like: b.ids(p.Like), Hops: b.hops(p.Moves)}
}

func (b pathBuilder) hops(moves []*attack.Move) []PathHop {
	var out []PathHop
	for _, m := range moves {
		hop := PathHop{
			Step: m.Step.ID, Title: m.Step.Title, What: m.What(), Why: m.Step.Why, ATTACK: m.Step.ATTACK,
			From: b.ids(m.From), To: b.id(m.To), Cost: m.Cost, Ends: []PathChange{},
		}
		hop.Evidence, hop.Missing = m.Facts()
		for _, c := range m.Ends {
			hop.Ends = append(hop.Ends, b.change(c))
		}
		out = append(out, hop)
	}
	return out
}

func (b pathBuilder) change(c attack.Change) PathChange {
	return PathChange{ID: c.ID(), Text: c.String(), Weight: b.answer.Weight(c), Disruption: c.Kind.Disruption}
}

func (b pathBuilder) cut(c *attack.Cut) PathCut {
	out := PathCut{Possible: c.Possible, Changes: []PathChange{}, Cost: c.Cost, Lower: c.Lower, Proven: c.Proven, Uncut: b.hops(c.Uncut)}
	for i := range c.Changes {
		change := &c.Changes[i]
		next, fix := b.change(change.Change), change.Fix()
		next.Breaks, next.Run, next.Compose, next.Daemon, next.Shell = fix.Breaks, fix.Run, fix.Compose, fix.Daemon, fix.Shell
		if change.Left != attack.Unordered {
			next.Left = &change.Left
		}
		if len(change.Names) > 1 {
			next.Containers = change.Names
			for _, each := range change.All() {
				next.IDs = append(next.IDs, each.ID())
			}
		}
		out.Changes = append(out.Changes, next)
	}
	return out
}
