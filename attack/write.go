package attack

import "slices"

// writer writes moves of a model out. What a step is about at a site it asks once
// for moves that follow each other.
type writer struct {
	*Model
	step      int32
	site      *Site
	instances []Instance
}

func (w *writer) write(n int32) Move {
	v := &w.moves.list[n]
	out := Move{Step: takenOver, To: w.states[v.to], Cost: int(v.cost), Possible: v.possible, way: int(v.way)}
	for _, s := range w.moves.fromOf(n) {
		out.From = append(out.From, w.states[s])
	}
	if v.step == none {
		return out
	}
	out.Step, out.site = w.book.steps[v.step].Step, w.sites[v.site]
	for _, c := range w.moves.endsOf(n) {
		out.Ends = append(out.Ends, w.changes[c])
	}
	slices.SortFunc(out.Ends, Change.Compare)
	if v.instance != none {
		if w.step != v.step || w.site != out.site {
			w.step, w.site, w.instances = v.step, out.site, out.Step.Each(&Query{Site: out.site})
		}
		out.instance = &w.instances[v.instance]
	}
	return out
}
