// Package steptest tries attack steps on their examples. It is used by tests only.
package steptest

import (
	"fmt"
	"slices"
	"testing"

	"seawall/attack"
	"seawall/reach/matrix"
	"seawall/rule"
	"seawall/rule/ruletest"
	"seawall/snapshot"
)

// Test tries every step of a book on its examples. On a bad one the step is
// certain, and a change ends it; on a good one it is not even possible. With one
// fact of a bad example hidden the step is still there, as certain or possible or
// behind a list that could not be read; with one of a good example hidden it is
// not certain.
func Test(t *testing.T, b *attack.Book) {
	t.Helper()
	for _, s := range b.Steps() {
		t.Run(s.ID, func(t *testing.T) {
			s := agreeing(t, s)
			alone := attack.MustBook(s)
			for i, ex := range s.Bad {
				t.Run(fmt.Sprintf("bad %d", i+1), func(t *testing.T) { testBad(t, alone, s, ex) })
			}
			for i, ex := range s.Good {
				t.Run(fmt.Sprintf("good %d", i+1), func(t *testing.T) { testGood(t, alone, ex) })
			}
		})
	}
}

// Model builds the model of a snapshot by a book.
func Model(s *snapshot.Snapshot, b *attack.Book) *attack.Model {
	return attack.Build(s, b, func() *matrix.Matrix { return matrix.NewPlan(s, matrix.ForPaths).Matrix() })
}

func testBad(t *testing.T, b *attack.Book, step *attack.Step, ex rule.Example) {
	s := ruletest.Load(t, ex)
	m := Model(s, b)
	var certain []attack.Move
	moves := m.Moves()
	for i := range moves {
		if move := &moves[i]; !move.Possible && move.Step == step {
			certain = append(certain, *move)
			wellFounded(t, step, move)
		}
	}
	if len(certain) == 0 {
		t.Fatalf("%s\ngives no certain move, and %d possible ones", ruletest.Show(ex), len(moves))
	}
	snapshot.BlindEach(s, ruletest.Blindness, func(path string) {
		blind := Model(s, b)
		blindMoves := blind.Moves()
		for i := range certain {
			if !hasLike(blindMoves, &certain[i]) && len(blind.Gaps) == 0 {
				t.Errorf("%s\nwithout %s: no move %v to %v", ruletest.Show(ex), path, certain[i].From, certain[i].To)
			}
		}
	})
}

// hasLike reports whether there is a move between such states: where a fact is
// hidden, they may have lost their names, and those of processes are made of facts.
func hasLike(moves []attack.Move, want *attack.Move) bool {
	return slices.ContainsFunc(moves, func(m attack.Move) bool {
		return like(m.From[0], want.From[0]) && like(m.To, want.To)
	})
}

func like(s, want attack.State) bool {
	return s == want || s.Kind == want.Kind && (s.Name == "" || s.Kind == attack.Processes)
}

// wellFounded checks that a move rests on evidence and can be ended, and that a
// possible one says which fact would decide.
func wellFounded(t *testing.T, step *attack.Step, move *attack.Move) {
	t.Helper()
	evidence, missing := move.Facts()
	switch {
	case len(evidence) == 0:
		t.Errorf("the move %v to %v rests on no evidence", move.From, move.To)
	case len(missing) > 0:
		t.Errorf("the certain move %v to %v lacks facts: %v", move.From, move.To, missing)
	case len(move.Ends) == 0 && step.Permanent == "":
		t.Errorf("no change ends the move %v to %v", move.From, move.To)
	}
}

func testGood(t *testing.T, b *attack.Book, ex rule.Example) {
	s := ruletest.Load(t, ex)
	for _, move := range Model(s, b).Moves() {
		t.Errorf("%s\ngives the move %v to %v", ruletest.Show(ex), move.From, move.To)
	}
	snapshot.BlindEach(s, ruletest.Blindness, func(path string) {
		for _, move := range Model(s, b).Moves() {
			if move.Step.ID == attack.TakenOverID {
				continue // follows from another
			}
			if !move.Possible {
				t.Errorf("%s\nwithout %s: the move %v to %v is certain", ruletest.Show(ex), path, move.From, move.To)
			} else if _, missing := move.Facts(); len(missing) == 0 {
				t.Errorf("%s\nwithout %s: the possible move %v to %v names no fact that would decide", ruletest.Show(ex), path, move.From, move.To)
			}
		}
	})
}

// agreeing is a step of which it is tried that a brief answer about its instances
// makes the same moves as a whole one.
func agreeing(t *testing.T, s *attack.Step) *attack.Step {
	out := *s
	if s.Each == nil {
		return &out
	}
	out.Each = func(q *attack.Query) []attack.Instance {
		brief, whole := s.Each(q), s.Each(q.Whole())
		if !slices.EqualFunc(brief, whole, sameMoves) {
			t.Errorf("a brief answer gives %v, a whole one %v", brief, whole)
		}
		return brief
	}
	return &out
}

func sameMoves(a, b attack.Instance) bool {
	return a.From == b.From && a.To == b.To && slices.Equal(a.With, b.With) && a.Unknown == b.Unknown && a.Cost == b.Cost && slices.Equal(a.Ends, b.Ends)
}
