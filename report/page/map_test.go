package page

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// someMap is a map of any shape, with cycles and moves that need several states.
func someMap(r *rand.Rand, nodes, moves int) *Map {
	m := &Map{}
	for i := range nodes {
		m.Nodes = append(m.Nodes, Node{ID: fmt.Sprint(i), Name: strings.Repeat("state of something ", 1+r.IntN(8)), Entry: r.IntN(4) == 0, Target: r.IntN(5) == 0})
	}
	for i := range moves {
		e := Move{ID: fmt.Sprint("m", i), To: fmt.Sprint(r.IntN(nodes))}
		for range 1 + r.IntN(2) {
			e.From = append(e.From, fmt.Sprint(r.IntN(nodes+1))) // one that is not there, too
		}
		m.Moves = append(m.Moves, e)
	}
	return m
}

// TestLayApart: whatever the map, nodes lie apart and within the drawing, and entries in
// the first column.
func TestLayApart(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		m := someMap(r, 1+r.IntN(60), r.IntN(150))
		width, height := m.Lay()
		for i := range m.Nodes {
			a := &m.Nodes[i]
			if a.X < 0 || a.Y < 0 || a.X+a.Width > width || a.Y+a.Height > height {
				t.Fatalf("seed %d: node %s lies outside: %+v of %d x %d", seed, a.ID, a, width, height)
			}
			if a.Entry && a.X != margin {
				t.Fatalf("seed %d: entry %s is not left", seed, a.ID)
			}
			if len(a.Lines) > mostLines {
				t.Fatalf("seed %d: node %s has %d lines", seed, a.ID, len(a.Lines))
			}
			for j := range i {
				b := &m.Nodes[j]
				if a.X < b.X+b.Width && b.X < a.X+a.Width && a.Y < b.Y+b.Height && b.Y < a.Y+a.Height {
					t.Fatalf("seed %d: %s and %s overlap", seed, a.ID, b.ID)
				}
			}
		}
	}
}

// TestLayOrder: moves lead to the right where no cycle keeps them from it, and the same map
// is laid the same way.
func TestLayOrder(t *testing.T) {
	lay := func() *Map {
		m := &Map{
			Nodes: []Node{{ID: "root", Target: true}, {ID: "web", Entry: true}, {ID: "engine"}, {ID: "ci", Entry: true}, {ID: "keys", Target: true}},
			Moves: []Move{{From: []string{"web"}, To: "engine"}, {From: []string{"engine"}, To: "root"}, {From: []string{"ci", "web"}, To: "keys"}, {From: []string{"engine"}, To: "web"}},
		}
		m.Lay()
		return m
	}
	m := lay()
	at := map[string]*Node{}
	for i := range m.Nodes {
		at[m.Nodes[i].ID] = &m.Nodes[i]
	}
	if !(at["web"].X == at["ci"].X && at["web"].X < at["engine"].X && at["engine"].X < at["root"].X && at["keys"].X == at["root"].X) {
		t.Errorf("%+v", m.Nodes)
	}
	if len(m.Moves[2].Lines) != 2 {
		t.Errorf("a move from two states has %d lines", len(m.Moves[2].Lines))
	}
	if a, b := fmt.Sprintf("%+v", m), fmt.Sprintf("%+v", lay()); a != b {
		t.Errorf("laid otherwise:\n%s\n%s", a, b)
	}
}

func TestWrap(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  "",
		"root on the host":                  "root on|the host",
		"code in container web":             "code in|container|web",
		"aaaaaaaaaaaaaaaaaaaaaaaa b":        "aaaaaaaaaa|aaaaaaaaaa|aaaa b",
		"one two three four five six seven": "one two|three four|five six…",
		"日本語日本語日本語日本語":                      "日本語日本|語日本語日|本語",
	} {
		if got := strings.Join(wrap(text, 10, 3), "|"); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// FuzzWrap: no line is longer than it may be.
func FuzzWrap(f *testing.F) {
	f.Add("code in container web of the engine")
	f.Add("\x00\u202e   ")
	f.Fuzz(func(t *testing.T, text string) {
		lines := wrap(text, 10, 3)
		if len(lines) > 3 {
			t.Fatalf("%d lines", len(lines))
		}
		for _, l := range lines {
			if n := len([]rune(l)); n > 10 {
				t.Fatalf("%q has %d characters", l, n)
			}
		}
	})
}
