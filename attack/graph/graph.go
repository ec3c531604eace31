package graph

import (
	"fmt"
	"slices"
	"sync"
)

// State is something that an attacker has, numbered from 0.
type State int32

// Change is something that can be done against moves, numbered from 0.
type Change int32

// Move gets a state from others: whoever has all of From gets To. Without From,
// everybody has To.
type Move struct {
	From []State
	To   State
	// Cost is how hard the move is, in the caller's unit: 0 or more.
	Cost int
	// Ends are the changes each of which alone takes the move away.
	Ends []Change
}

// The largest cost of a move, and the largest sum of the weights of all changes.
const (
	MaxCost   = 1 << 30
	MaxWeight = 1 << 30
)

// Graph is what questions are put to. It does not change: [Graph.After] and
// [Graph.Only] give others with fewer moves, which share its arrays.
type Graph struct {
	states  int
	weights []int64       // of each change
	to      []State       // of each move
	cost    []int64       // of each move
	from    lists[State]  // of each move
	ends    lists[Change] // of each move
	out     lists[int32]  // of each state: moves that need it
	in      lists[int32]  // of each state: moves to it
	ended   lists[int32]  // of each change: moves that it ends
	joint   []int32       // of each move: a number of its own if it needs several states, else -1
	joints  int           // how many of those there are
	given   []int32       // moves that need nothing
	gone    set           // moves that are not there, nil if all are

	searches *sync.Pool // of [Search], for those that come after
}

// New makes a graph. A weight is what a change costs whoever makes it, above 0.
// It is an error if a number is out of its range.
func New(states int, weights []int64, moves []Move) (*Graph, error) {
	return Of(states, weights, len(moves), func(i int) Move { return moves[i] })
}

// Of is [New] for n moves, each of which is asked for once, in their order. The lists
// of one may be overwritten by the next.
func Of(states int, weights []int64, n int, move func(int) Move) (*Graph, error) {
	if err := checkWeights(weights); err != nil {
		return nil, err
	}
	g := empty(states, slices.Clone(weights), n)
	for i := range n {
		m := move(i)
		if err := m.check(states, len(weights)); err != nil {
			return nil, fmt.Errorf("move %d: %w", i, err)
		}
		g.add(m)
	}
	g.invert()
	return g, nil
}

// empty is a graph with room for n moves.
func empty(states int, weights []int64, n int) *Graph {
	g := &Graph{
		states: states, weights: weights, searches: new(sync.Pool),
		to: make([]State, 0, n), cost: make([]int64, 0, n), joint: make([]int32, 0, n),
	}
	g.from.at, g.ends.at = make([]int32, 1, n+1), make([]int32, 1, n+1)
	g.from.all = make([]State, 0, n+n/8) // most moves need one state
	return g
}

// invert lists the moves by what they need, get and are ended by, when all are in.
func (g *Graph) invert() {
	g.out = invert(g.from, g.states)
	g.in = invert(lists[State]{at: counting(len(g.to)), all: g.to}, g.states)
	g.ended = invert(g.ends, len(g.weights))
}

func checkWeights(weights []int64) error {
	var sum int64
	for i, w := range weights {
		if w < 1 || w > MaxWeight-sum {
			return fmt.Errorf("change %d: weight %d is not above 0 or is too large", i, w)
		}
		sum += w
	}
	return nil
}

func (m *Move) check(states, changes int) error {
	bad := func(s State) bool { return s < 0 || int(s) >= states }
	if i := slices.IndexFunc(m.From, bad); i >= 0 {
		return fmt.Errorf("there is no state %d", m.From[i])
	}
	if bad(m.To) {
		return fmt.Errorf("there is no state %d", m.To)
	}
	for _, c := range m.Ends {
		if c < 0 || int(c) >= changes {
			return fmt.Errorf("there is no change %d", c)
		}
	}
	if m.Cost < 0 || m.Cost > MaxCost {
		return fmt.Errorf("cost %d is out of range", m.Cost)
	}
	return nil
}

func (g *Graph) add(m Move) {
	i := int32(len(g.to))
	g.to, g.cost = append(g.to, m.To), append(g.cost, int64(m.Cost))
	g.from.add(m.From)
	g.ends.add(m.Ends)
	joint := int32(-1)
	switch len(g.from.of(i)) {
	case 0:
		g.given = append(g.given, i)
	case 1:
	default:
		joint = int32(g.joints)
		g.joints++
	}
	g.joint = append(g.joint, joint)
}

// After is the graph after changes have been made.
func (g *Graph) After(changes ...Change) *Graph {
	return g.without(func(gone set) {
		for _, c := range changes {
			for _, m := range g.ended.of(int32(c)) {
				gone.add(m)
			}
		}
	})
}

// Only is the graph of the moves that keep is true of.
func (g *Graph) Only(keep func(move int) bool) *Graph {
	return g.without(func(gone set) {
		for m := range g.to {
			if !keep(m) {
				gone.add(int32(m))
			}
		}
	})
}

func (g *Graph) without(mark func(gone set)) *Graph {
	out := *g
	out.gone = newSet(len(g.to))
	copy(out.gone, g.gone)
	mark(out.gone)
	return &out
}
