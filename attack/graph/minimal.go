package graph

import (
	"cmp"
	"slices"
)

// minimal leaves out of a set of changes that cuts those that the others make
// needless, where there is a choice the first in the order of drop. In what is
// left, each is needed.
//
// A change that is left out gives its moves back, and what follows from them is
// added to what is had before; if that is a target, it is taken back. So the
// whole takes about as long as one closure.
func minimal(g *Graph, entries, targets []State, changes []Change, drop func(a, b Change) int) []Change {
	if len(changes) == 0 {
		return nil
	}
	order := slices.Clone(changes)
	slices.SortFunc(order, drop)
	made := make([]int32, len(g.to)) // how many changes end each move
	for _, c := range order {
		for _, m := range g.ended.of(int32(c)) {
			made[m]++
		}
	}
	had := newClosure(g.After(order...), targets)
	had.start(entries)
	kept := slices.DeleteFunc(order, func(c Change) bool { return leaveOut(g, had, made, c) })
	slices.Sort(kept)
	return kept
}

// leaveOut unmakes a change, if no target is had then.
func leaveOut(g *Graph, had *closure, made []int32, c Change) bool {
	before := len(had.trail)
	for _, m := range g.ended.of(int32(c)) {
		if made[m]--; made[m] == 0 && !g.gone.has(m) {
			had.g.gone.drop(m)
			had.try(m)
		}
	}
	had.follow()
	if !had.reached {
		return true
	}
	had.back(before)
	for _, m := range g.ended.of(int32(c)) {
		made[m]++
		had.g.gone.add(m)
	}
	return false
}

// dearestFirst orders changes by falling weight, then by falling number.
func (g *Graph) dearestFirst(a, b Change) int {
	return cmp.Or(cmp.Compare(g.weights[b], g.weights[a]), cmp.Compare(b, a))
}

// feeblestFirst orders changes by what they weigh for each move that they end.
func (g *Graph) feeblestFirst(a, b Change) int {
	ends := func(c Change) int64 { return int64(len(g.ended.of(int32(c)))) }
	return cmp.Or(cmp.Compare(g.weights[b]*ends(a), g.weights[a]*ends(b)), g.dearestFirst(a, b))
}
