package page

import (
	"fmt"
	"strings"

	"seawall/report/monospace"
)

// draw makes the curves of the moves: from the right of a state to the left of the next,
// and around where it is further left.
func (m *Map) draw() {
	at := m.at()
	for i := range m.Moves {
		e := &m.Moves[i]
		e.Lines = nil
		to, known := at[e.To]
		if !known {
			continue
		}
		for _, f := range e.From {
			if from, known := at[f]; known && from != to {
				e.Lines = append(e.Lines, curve(&m.Nodes[from], &m.Nodes[to]))
			}
		}
	}
}

func curve(a, b *Node) string {
	x1, y1 := a.X+a.Width, a.Y+a.Height/2
	x2, y2 := b.X, b.Y+b.Height/2
	switch out := columnGap / 2; {
	case x2 > x1:
		half := (x2 - x1) / 2
		return fmt.Sprintf("M%d %dC%d %d %d %d %d %d", x1, y1, x1+half, y1, x2-half, y2, x2, y2)
	case x2 == a.X: // within a column, at its right
		return fmt.Sprintf("M%d %dC%d %d %d %d %d %d", x1, y1, x1+out, y1, x1+out, y2, b.X+b.Width, y2)
	default: // back
		return fmt.Sprintf("M%d %dC%d %d %d %d %d %d", a.X, y1, a.X-out, y1, b.X+b.Width+out, y2, b.X+b.Width, y2)
	}
}

// wrap breaks a name into lines of at most so many columns; what does not fit the
// last ends with an ellipsis.
func wrap(text string, width, most int) []string {
	var words []string
	for _, word := range strings.Fields(text) {
		for _, part := range monospace.Wrap(word, width) {
			for width > 1 && monospace.Width(part) > width {
				first := monospace.First(part, width)
				words, part = append(words, first), part[len(first):]
			}
			words = append(words, part)
		}
	}
	lines := monospace.Wrap(strings.Join(words, " "), width)
	if len(lines) > most {
		lines = lines[:most]
		lines[most-1] = monospace.First(lines[most-1], width-1) + "…"
	}
	return lines
}
