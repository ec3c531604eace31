package graph

// backward searches from states back to all that lead to them by moves that need
// one state each.
type backward struct {
	g       *Graph
	any     bool    // moves that need several states count as if each of them sufficed
	costs   []int64 // of each state; -1 if it does not lead there
	touched []State
	waiting queue
}

func newBackward(g *Graph) *backward {
	b := &backward{g: g, costs: make([]int64, g.states)}
	for i := range b.costs {
		b.costs[i] = -1
	}
	return b
}

// cost is what a state costs to get from it to where the last search began.
func (b *backward) cost(s State) int64 { return b.costs[s] }

// all searches back from several states, and gives what each of some others costs.
func (b *backward) all(states []State, targets ...waiting) []int64 {
	b.fromAny(targets...)
	out := make([]int64, len(states))
	for i, s := range states {
		out[i] = b.cost(s)
	}
	return out
}

// from searches back from a state.
func (b *backward) from(target State) { b.fromAny(waiting{state: target}) }

// fromAny searches back from several states: what a state costs is the least that it
// costs to get to one of them and what that costs then.
func (b *backward) fromAny(targets ...waiting) {
	for _, s := range b.touched {
		b.costs[s] = -1
	}
	b.touched = b.touched[:0]
	for _, t := range targets {
		b.offer(t.state, t.cost)
	}
	for !b.waiting.empty() {
		w := b.waiting.pop()
		if w.cost > b.costs[w.state] {
			continue
		}
		for _, m := range b.g.in.of(int32(w.state)) {
			from := b.g.from.of(m)
			if len(from) > 1 && !b.any || b.g.gone.has(m) {
				continue
			}
			for _, p := range from {
				b.offer(p, min(w.cost+b.g.cost[m], far))
			}
		}
	}
}

func (b *backward) offer(s State, cost int64) {
	old := b.costs[s]
	if old >= 0 && cost >= old {
		return
	}
	if old < 0 {
		b.touched = append(b.touched, s)
	}
	b.costs[s] = cost
	b.waiting.push(waiting{effort{cost: cost}, s})
}
