package matrix

import (
	"net/netip"

	"seawall/parallel"
	"seawall/reach/filter"
	"seawall/snapshot"
)

// Plan finds out which routes must be asked for, and makes the matrix.
type Plan struct {
	w     *world
	m     *Matrix
	scope Scope
	rules literals
	// comparable: rules tells which addresses are alike.
	comparable bool
	alike      map[netip.Addr]string // by what rules tell addresses apart
	trials     []*trial
	prepared   bool
	concluded  bool
	tried      map[dialled]*snapshot.NetProbe
}

// Scope is what a matrix is made for.
type Scope int

// The scopes.
const (
	// Everything: all sources and all targets.
	Everything Scope = iota
	// ForRules: who reaches the APIs, and who of outside the published ports. The
	// other cells stay unknown.
	ForRules
	// ForPaths: those of ForRules, and who inside reaches published ports, the services
	// of the machine and a cloud's metadata.
	ForPaths
)

// NewPlan prepares the matrix of a snapshot.
func NewPlan(s *snapshot.Snapshot, scope Scope) *Plan {
	w := newWorld(s)
	p := &Plan{w: w, scope: scope, m: &Matrix{Gaps: w.gaps()}, alike: map[netip.Addr]string{}}
	if len(w.hosts) == 0 {
		return p
	}
	p.m.Sources = append(w.outside(), w.inside()...)
	p.m.Targets = w.targets()
	if scope == ForPaths {
		p.m.Targets = append(append(p.m.Targets, w.services()...), metadata())
	}
	p.rules, p.comparable = w.literals()
	for i := range p.m.Sources {
		p.m.Sources[i].links = w.linksOf(&p.m.Sources[i])
	}
	return p
}

// prepare makes the connections of all cells.
func (p *Plan) prepare() {
	if p.prepared {
		return
	}
	p.prepared = true
	for i := range p.m.Sources {
		for j := range p.m.Targets {
			p.trials = append(p.trials, p.trialsOf(i, j)...)
		}
	}
}

// Questions are the routes that must be asked for next, by namespace.
func (p *Plan) Questions() map[uint64][]snapshot.NetRoute {
	if !p.prepared {
		if first := p.firstQuestions(); len(first) > 0 {
			return first
		}
	}
	p.prepare()
	var pending []*trial
	for _, t := range p.trials {
		if !t.done {
			pending = append(pending, t)
		}
	}
	missing := make([]map[uint64][]snapshot.NetRoute, len(pending))
	parallel.Each(len(pending), func(i int) {
		t := pending[i]
		t.answers, missing[i] = p.w.net.Follow(t.connection)
		t.done = len(missing[i]) == 0
	})
	seen := map[uint64]map[snapshot.NetRoute]bool{}
	out := map[uint64][]snapshot.NetRoute{}
	for _, of := range missing {
		for namespace, questions := range of {
			if seen[namespace] == nil {
				seen[namespace] = map[snapshot.NetRoute]bool{}
			}
			for _, q := range questions {
				if !seen[namespace][q] {
					seen[namespace][q] = true
					out[namespace] = append(out[namespace], q)
				}
			}
		}
	}
	return out
}

// Learn adds answers.
func (p *Plan) Learn(namespace uint64, answers []snapshot.NetRoute) {
	p.w.net.Learn(namespace, answers)
}

// Matrix is what has been found out. It ends the plan: what is learned later does not
// change it, and further calls give the same.
func (p *Plan) Matrix() *Matrix {
	if p.concluded {
		return p.m
	}
	p.concluded = true
	p.prepare()
	p.Questions() // those that were not asked stay unknown
	for range p.m.Sources {
		p.m.Cells = append(p.m.Cells, make([]Cell, len(p.m.Targets)))
	}
	for _, t := range p.trials {
		cell := &p.m.Cells[t.source][t.target]
		cell.Ways = append(cell.Ways, t.waysOf(p)...)
	}
	for i := range p.m.Cells {
		for j := range p.m.Cells[i] {
			p.m.Cells[i][j].loopback = p.m.Targets[j].loopback()
			p.m.Cells[i][j].conclude(&p.m.Sources[i])
			if len(p.m.Targets[j].Addresses) == 0 {
				p.m.Cells[i][j] = Cell{Verdict: filter.Unknown, Why: "which addresses it has is not known"}
			}
			if !p.scope.asks(&p.m.Sources[i], &p.m.Targets[j]) {
				p.m.Cells[i][j] = Cell{Verdict: filter.Unknown, Why: "it was not asked"}
			}
		}
	}
	p.m.refine()
	return p.m
}
