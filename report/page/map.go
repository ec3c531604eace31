package page

import (
	"cmp"
	"slices"
)

// Map is a drawing of attack paths: states, and moves between them.
type Map struct {
	Nodes []Node
	Moves []Move
	// Left is how many states were left out because there are too many to draw.
	Left int
}

// Node is a state. Its place is worked out by [Map.Lay].
type Node struct {
	ID, Name string
	// Entry: an attack begins there. Target: it is for that.
	Entry, Target bool

	X, Y, Width, Height int
	Lines               []string
}

// Move is a step of an attack; one that needs several states leads from each of them.
type Move struct {
	ID       string
	From     []string
	To       string
	Label    string
	Detail   string
	Possible bool
	// Ends are, for each way to make it, the ids of the changes each of which ends that.
	Ends [][]string
	// Lines are the curves of it, one from each state.
	Lines []string
}

const (
	nodeWidth  = 176
	lineHeight = 16
	nodePad    = 9
	columnGap  = 84
	rowGap     = 22
	margin     = 16
	nameWidth  = 21 // columns of a line of a node
	mostLines  = 4
)

// Lay places the nodes: those where attacks begin left, each further one right of those
// that lead to it, without overlaps. The order in a column follows the neighbours'. Size
// is that of the drawing.
func (m *Map) Lay() (width, height int) {
	column := m.columns()
	columns := make([][]int, 0)
	for i := range m.Nodes {
		n := &m.Nodes[i]
		n.Lines = wrap(n.Name, nameWidth, mostLines)
		n.Width, n.Height = nodeWidth, 2*nodePad+lineHeight*len(n.Lines)
		for len(columns) <= column[i] {
			columns = append(columns, nil)
		}
		columns[column[i]] = append(columns[column[i]], i)
	}
	columns = slices.DeleteFunc(columns, func(c []int) bool { return len(c) == 0 })
	m.order(columns)
	tall := 0
	for _, c := range columns {
		tall = max(tall, m.tall(c))
	}
	for x, c := range columns {
		y := margin + (tall-m.tall(c))/2
		for _, i := range c {
			m.Nodes[i].X, m.Nodes[i].Y = margin+x*(nodeWidth+columnGap), y
			y += m.Nodes[i].Height + rowGap
		}
	}
	m.draw()
	return 2*margin + len(columns)*(nodeWidth+columnGap) - columnGap, 2*margin + tall
}

func (m *Map) tall(column []int) int {
	h := -rowGap
	for _, i := range column {
		h += m.Nodes[i].Height + rowGap
	}
	return max(h, 0)
}

// at are the numbers of nodes by their ids.
func (m *Map) at() map[string]int {
	at := map[string]int{}
	for i := range m.Nodes {
		at[m.Nodes[i].ID] = i
	}
	return at
}

// columns are those of the nodes: entries in the first, others by the longest way from
// one, cycles left out. Targets that lead nowhere are in the last.
func (m *Map) columns() []int {
	at := m.at()
	next := make([][]int, len(m.Nodes))
	for _, e := range m.Moves {
		for _, f := range e.From {
			from, known := at[f]
			to, also := at[e.To]
			if known && also && from != to && !m.Nodes[to].Entry && !slices.Contains(next[from], to) {
				next[from] = append(next[from], to)
			}
		}
	}
	rank := make([]int, len(m.Nodes))
	on := make([]bool, len(m.Nodes))
	done := make([]bool, len(m.Nodes))
	var order []int // each before those that lead to it
	back := map[[2]int]bool{}
	var visit func(int)
	visit = func(i int) {
		on[i], done[i] = true, true
		for _, j := range next[i] {
			if on[j] {
				back[[2]int{i, j}] = true
			} else if !done[j] {
				visit(j)
			}
		}
		on[i] = false
		order = append(order, i)
	}
	for _, entry := range []bool{true, false} {
		for i := range m.Nodes {
			if m.Nodes[i].Entry == entry && !done[i] {
				visit(i)
			}
		}
	}
	for _, i := range slices.Backward(order) {
		for _, j := range next[i] {
			if !back[[2]int{i, j}] {
				rank[j] = max(rank[j], rank[i]+1)
			}
		}
	}
	last := slices.Max(append(slices.Clone(rank), 0))
	for i := range m.Nodes {
		if m.Nodes[i].Target && !m.Nodes[i].Entry && len(next[i]) == 0 {
			rank[i] = last
		}
	}
	return rank
}

// order sorts each column by the middle of its neighbours' places in the one beside it,
// there and back a few times (Sugiyama, Tagawa and Toda, 1981).
func (m *Map) order(columns [][]int) {
	at := m.at()
	near := make([][]int, len(m.Nodes))
	for _, e := range m.Moves {
		to, also := at[e.To]
		for _, f := range e.From {
			if from, known := at[f]; known && also {
				near[from], near[to] = append(near[from], to), append(near[to], from)
			}
		}
	}
	place := make([]float64, len(m.Nodes))
	for _, c := range columns {
		for y, i := range c {
			place[i] = float64(y) / float64(len(c))
		}
	}
	for range 6 {
		for _, there := range []bool{true, false} {
			for x := range columns {
				c := columns[x]
				if !there {
					c = columns[len(columns)-1-x]
				}
				middle := map[int]float64{}
				for _, i := range c {
					middle[i] = place[i]
					if len(near[i]) > 0 {
						sum := 0.0
						for _, j := range near[i] {
							sum += place[j]
						}
						middle[i] = sum / float64(len(near[i]))
					}
				}
				slices.SortStableFunc(c, func(a, b int) int {
					return cmp.Or(cmp.Compare(middle[a], middle[b]), cmp.Compare(m.Nodes[a].ID, m.Nodes[b].ID))
				})
				for y, i := range c {
					place[i] = float64(y) / float64(len(c))
				}
			}
		}
	}
}
