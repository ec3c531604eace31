package matrix

import (
	"slices"

	"seawall/snapshot"
)

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

// unheard says whether nobody listens at all where a cell leads.
func (a *Adviser) unheard(at Pair) bool {
	return a.way(at, false) == nil
}

// way is the best way of a cell, as [Cell.through] says.
func (a *Adviser) way(at Pair, unheard bool) *Way {
	return a.m.Cells[at.Source][at.Target].through(&a.m.Sources[at.Source], unheard)
}
