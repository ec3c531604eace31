package graph

import (
	"math/bits"
	"slices"
)

// Different are up to k really different ways from the entries to a target, the
// cheapest first: each a derivation as [Search.Derivation] gives it. Of each, what
// is most its own is forbidden to those that come after.
//
// kinds group moves that are the same to a reader, such as a step in a container:
// a kind is forbidden as a whole. A move whose kind is below 0 is never forbidden,
// as one that happens after all ways have met. Of a way's kinds the most its own
// is the one that the fewest moves have on the cheapest way through them, and
// without which the target can still be had; if several are, the last one.
func (g *Graph) Different(entries []State, target State, k int, kinds []int32) [][]int {
	var out [][]int
	s := g.Cheapest(entries...)
	defer s.release()
	for ; len(out) < k; s.again(entries, beyond) {
		way := s.Derivation(target)
		if way == nil {
			break
		}
		out = append(out, way)
		if len(out) == k {
			break
		}
		own, ok := s.mostOwn(entries, target, way, kinds)
		if !ok {
			break
		}
		s.g = s.g.Only(func(m int) bool { return kinds[m] != own })
	}
	return out
}

// mostOwn is the kind of a way that is to be forbidden; ok is false if the target
// cannot be had without any of its kinds.
func (s *Search) mostOwn(entries []State, target State, way []int, kinds []int32) (own int32, ok bool) {
	var tried []int32 // the last on the way first
	for _, m := range slices.Backward(way) {
		if kind := kinds[m]; kind >= 0 && !slices.Contains(tried, kind) {
			tried = append(tried, kind)
		}
	}
	least := -1
	shares := s.onwardTo(target).shares(kinds, tried)
	for i, kind := range tried {
		if least >= 0 && shares[i] >= least {
			continue
		}
		if s.g.Only(func(m int) bool { return kinds[m] != kind }).Reaches(entries, []State{target}) {
			own, least = kind, shares[i]
		}
	}
	return own, least >= 0
}

// shares counts for each of some kinds the moves whose cheapest way from the entries
// through them to the target has it.
func (o *onward) shares(kinds, of []int32) []int {
	out := make([]int, 0, len(of))
	for some := range slices.Chunk(of, 64) {
		out = append(out, o.share(kinds, some)...)
	}
	return out
}

// share is shares of up to 64 kinds, each of which is a bit.
func (o *onward) share(kinds, of []int32) []int {
	g := o.s.g
	own := func(m int32) uint64 {
		at := slices.Index(of, kinds[m])
		if at < 0 {
			return 0
		}
		return 1 << at
	}
	before, after := o.before, o.after
	clear(before)
	clear(after)
	need := func(m int32, but State) (had uint64) {
		for _, p := range g.from.of(m) {
			if p != but {
				had |= before[p]
			}
		}
		return had
	}
	for _, state := range o.s.settled {
		if m := o.s.by[state]; m != entry {
			before[state] = own(m) | need(m, none)
		}
	}
	for _, state := range o.settled {
		if m := o.by[state]; m != entry {
			after[state] = own(m) | after[g.to[m]] | need(m, state)
		}
	}
	out := make([]int, len(of))
	for m := range int32(len(g.to)) {
		if !o.through(m) {
			continue
		}
		for has := own(m) | after[g.to[m]] | need(m, none); has != 0; has &= has - 1 {
			out[bits.TrailingZeros64(has)]++
		}
	}
	return out
}
