package graph

import "slices"

// lists are many lists in one array: list i is all[at[i]:at[i+1]].
type lists[T ~int32] struct {
	at  []int32
	all []T
}

func (l *lists[T]) of(i int32) []T { return l.all[l.at[i]:l.at[i+1]] }

// add puts a list at the end, sorted and each element once.
func (l *lists[T]) add(list []T) {
	start := len(l.all)
	l.all = append(l.all, list...)
	slices.Sort(l.all[start:])
	l.all = l.all[:start+len(slices.Compact(l.all[start:]))]
	l.at = append(l.at, int32(len(l.all)))
}

// invert gives for each of n elements the lists that it is in, in their order.
func invert[T ~int32](l lists[T], n int) lists[int32] {
	out := lists[int32]{at: make([]int32, n+1), all: make([]int32, len(l.all))}
	for _, e := range l.all {
		out.at[e+1]++
	}
	for i := range n {
		out.at[i+1] += out.at[i]
	}
	next := slices.Clone(out.at)
	for i := range len(l.at) - 1 {
		for _, e := range l.of(int32(i)) {
			out.all[next[e]] = int32(i)
			next[e]++
		}
	}
	return out
}

// counting is 0 to n: where lists of one element each begin.
func counting(n int) []int32 {
	out := make([]int32, n+1)
	for i := range out {
		out[i] = int32(i)
	}
	return out
}

// set is a set of small numbers. The nil set is empty.
type set []uint64

func newSet(n int) set { return make(set, (n+63)/64) }

func (s set) has(i int32) bool { return s != nil && s[i>>6]&(1<<(i&63)) != 0 }
func (s set) add(i int32)      { s[i>>6] |= 1 << (i & 63) }
func (s set) drop(i int32)     { s[i>>6] &^= 1 << (i & 63) }
