package hitting

import (
	"cmp"
	"slices"
)

// choose makes a solution: each row that is not hit yet chooses its element of
// the least reduced count, and what is needless then is left out, the heaviest
// first. It is kept if it is the best.
func (r *relaxation) choose() {
	if r.hits == nil {
		r.hits = make([]int32, len(r.multiplier))
	}
	clear(r.hits)
	hits, chosen, kept := r.hits, r.chosen[:0], r.kept[:0]
	for i := range hits {
		if hits[i] > 0 {
			continue
		}
		c := slices.MinFunc(r.rows.of(int32(i)), r.better)
		chosen = append(chosen, c)
		for _, other := range r.cols.of(c) {
			hits[other]++
		}
	}
	slices.SortFunc(chosen, r.heavier)
	var count int64
	for _, c := range chosen {
		if slices.ContainsFunc(r.cols.of(c), func(i int32) bool { return hits[i] == 1 }) {
			kept = append(kept, r.ids[c])
			count += r.counts[c]
			continue
		}
		for _, i := range r.cols.of(c) {
			hits[i]--
		}
	}
	if count < r.bestCount {
		r.bestCount, r.best.chosen = count, append(r.best.chosen[:0], kept...)
	}
	r.chosen, r.kept = chosen, kept
}

func (r *relaxation) better(a, b int32) int {
	return cmp.Or(cmp.Compare(r.reduced[a], r.reduced[b]), len(r.cols.of(b))-len(r.cols.of(a)), cmp.Compare(a, b))
}

func (r *relaxation) heavier(a, b int32) int {
	return cmp.Or(cmp.Compare(r.counts[b], r.counts[a]), cmp.Compare(b, a))
}
