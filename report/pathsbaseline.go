package report

import (
	"encoding/json"
	"io"
	"slices"

	"seawall/lang"
)

// PathsBaseline is how paths compare with earlier ones.
type PathsBaseline struct {
	// New are the pairs between which there was no certain path then, Gone those
	// between which there is none now, every container by itself.
	New  []PathPair `json:"new"`
	Gone []PathPair `json:"gone"`
}

// CompareWith notes what is new since earlier paths, and what is gone of those that
// are asked about.
func (p *Paths) CompareWith(was *Paths, asked func(from, to string) bool) {
	before, now := was.pairs(), p.pairs()
	before = slices.DeleteFunc(before, func(q PathPair) bool { return !asked(q.From, q.To) })
	p.Baseline = &PathsBaseline{New: missingFrom(before, now), Gone: missingFrom(now, before)}
}

// pairs are the certain pairs with every container by itself.
func (p *Paths) pairs() []PathPair {
	states := p.names()
	var out []PathPair
	for _, pair := range p.Pairs {
		if pair.Possible {
			continue
		}
		for _, from := range alike(states[pair.From], pair.From) {
			for _, to := range alike(states[pair.To], pair.To) {
				out = append(out, PathPair{From: from, To: to, With: pair.With, Cost: pair.Cost})
			}
		}
	}
	return out
}

// alike are the ids of the states that a state stands for.
func alike(s *PathState, id string) []string {
	if s == nil || len(s.IDs) == 0 {
		return []string{id}
	}
	return s.IDs
}

// missingFrom are the pairs that a list does not have.
func missingFrom(list, pairs []PathPair) []PathPair {
	type ends struct{ from, to string }
	has := map[ends]bool{}
	for _, p := range list {
		has[ends{p.From, p.To}] = true
	}
	return slices.DeleteFunc(slices.Concat([]PathPair{}, pairs), func(p PathPair) bool { return has[ends{p.From, p.To}] })
}

// DecodePaths reads what PathsJSON wrote.
func DecodePaths(r io.Reader) (*Paths, error) {
	var p Paths
	dec := json.NewDecoder(r)
	if err := dec.Decode(&p); err != nil {
		return nil, lang.Errorf("not a report of paths: %w", err)
	}
	if p.Format != PathsFormat {
		return nil, lang.Errorf("format is %q, this version reads %q", p.Format, PathsFormat)
	}
	if dec.More() {
		return nil, lang.Error("data after the end of the report")
	}
	return &p, nil
}

// baseline tells what is new and what is gone.
func (t *pathsText) baseline() {
	b := t.paths.Baseline
	if b == nil {
		return
	}
	t.title(lang.T("SINCE THE BASELINE"))
	if len(b.New)+len(b.Gone) == 0 {
		t.linef(2, "%s", lang.T("The same paths."))
	}
	for _, p := range b.New {
		t.prose(2, lang.T("new:  "), lang.Sprintf("%s → %s, effort %d", p.From, p.To, p.Cost))
	}
	for _, p := range b.Gone {
		t.prose(2, lang.T("gone: "), p.From+" → "+p.To)
	}
}
