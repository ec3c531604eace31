package graph_test

import (
	"testing"

	"seawall/attack/graph"
)

// FuzzCut makes small graphs of bytes and compares their cuts with the best of
// all sets of changes.
func FuzzCut(f *testing.F) {
	f.Add([]byte{3, 2, 0x01, 1, 1, 0, 1, 1, 1, 1, 2, 2})
	f.Add([]byte{5, 3, 0x93, 4, 2, 0, 1, 2, 1, 0, 1, 0, 4, 0x11, 2})
	f.Add([]byte{2, 1, 0x40, 0, 1, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		decode(t, data).judge(t)
	})
}

// bytes are read as numbers; after the end all are 0.
type bytes struct{ rest []byte }

func (b *bytes) below(n int) int {
	if len(b.rest) == 0 {
		return 0
	}
	v := int(b.rest[0]) % n
	b.rest = b.rest[1:]
	return v
}

func (b *bytes) state(s *small) graph.State   { return graph.State(b.below(s.states)) }
func (b *bytes) change(s *small) graph.Change { return graph.Change(b.below(s.changes)) }

// decode makes a graph of up to 10 states and 9 changes: entries and targets
// first, then moves as long as there are bytes.
func decode(t *testing.T, data []byte) *small {
	b := &bytes{data}
	s := &small{states: 1 + b.below(10), changes: 1 + b.below(9)}
	for range s.changes {
		s.weights = append(s.weights, int64(1+b.below(7)))
	}
	for range 1 + b.below(2) {
		s.entries, s.targets = append(s.entries, b.state(s)), append(s.targets, b.state(s))
	}
	for range b.below(3) {
		s.kept = append(s.kept, b.change(s))
	}
	for len(b.rest) > 0 && len(s.moves) < 40 {
		m := graph.Move{To: b.state(s), Cost: b.below(4)}
		for range b.below(4) {
			m.From = append(m.From, b.state(s))
		}
		for range b.below(4) {
			m.Ends = append(m.Ends, b.change(s))
		}
		s.moves = append(s.moves, m)
	}
	s.g = s.build(t)
	return s
}
