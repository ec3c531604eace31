package graph

// backward searches from a state back to all that lead to it by moves that need
// one state each.
type backward struct {
	g       *Graph
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

// from searches back from a state.
func (b *backward) from(target State) {
	for _, s := range b.touched {
		b.costs[s] = -1
	}
	b.touched = b.touched[:0]
	b.offer(target, 0)
	for len(b.waiting) > 0 {
		w := b.waiting.pop()
		if w.cost > b.costs[w.state] {
			continue
		}
		for _, m := range b.g.in.of(int32(w.state)) {
			if from := b.g.from.of(m); len(from) == 1 && !b.g.gone.has(m) {
				b.offer(from[0], min(w.cost+b.g.cost[m], far))
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
