package graph_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"seawall/attack/graph"
)

// scale is the size of a made-up host, and the share of its containers that have
// a way to the host.
type scale struct {
	containers int
	dangerous  float64
}

var scales = []scale{{50, .2}, {1000, .05}, {1000, .2}, {2000, .2}, {10_000, .05}, {10_000, .2}}

func (s scale) String() string { return fmt.Sprintf("%d/%.0f%%", s.containers, 100*s.dangerous) }

// BenchmarkCosts builds a graph and finds what each container, the internet and a
// user of the host pay alone for three targets.
//
// Measured with -bench . -benchtime 5x on two cores of an AMD EPYC that others
// used too (load 8 to 13). Beside it is what a process that runs this benchmark
// alone has resident at most.
//
//	50 containers, 20 %        0.1 ms
//	1,000, 5 %                 1.7 ms
//	1,000, 20 %                1.2 ms
//	2,000, 20 %                7.1 ms
//	10,000, 5 %               10.2 ms
//	10,000, 20 %              34.8 ms    24 MiB
func BenchmarkCosts(b *testing.B) {
	for _, s := range scales {
		b.Run(s.String(), func(b *testing.B) {
			h := newHost(s.containers, s.dangerous)
			b.ReportAllocs()
			for b.Loop() {
				pairs := h.build(b).Costs(h.entries(), h.targets()).Pairs()
				b.ReportMetric(float64(pairs), "pairs")
			}
			b.ReportMetric(float64(len(h.moves)), "moves")
		})
	}
}

// BenchmarkCut finds the cheapest cut from three kinds of entries: the internet
// and a user of the host; they and each twentieth container; they and each
// container. It may take five seconds. Measured as above, all proven:
//
//	                     outside    taken      all
//	50 containers, 20 %     1 ms     1 ms   0.2 ms
//	1,000, 5 %             84 ms    12 ms     3 ms
//	1,000, 20 %            39 ms    61 ms    19 ms
//	2,000, 20 %           193 ms    59 ms    13 ms
//	10,000, 5 %           529 ms   189 ms    22 ms
//	10,000, 20 %          629 ms   723 ms    80 ms    62 MiB, 322 to 346 changes
func BenchmarkCut(b *testing.B) {
	for _, s := range scales {
		h := newHost(s.containers, s.dangerous)
		g := h.build(b)
		for i, entries := range [][]graph.State{h.outside(), h.taken(20), h.taken(1)} {
			b.Run(s.String()+"/"+[]string{"outside", "taken", "all"}[i], func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
					cut := g.Cut(ctx, entries, h.targets())
					cancel()
					b.ReportMetric(float64(cut.Cost), "cost")
					b.ReportMetric(float64(cut.Lower), "lower")
					b.ReportMetric(float64(len(cut.Changes)), "changes")
				}
			})
		}
	}
}

// BenchmarkOrder orders the changes of a cut by what they take from all entries.
// Measured as above:
//
//	1,000 containers, 20 %      28 changes    37 ms
//	10,000, 5 %                209 changes   3.4 s
//	10,000, 20 %               322 changes   5.3 s    44 MiB
func BenchmarkOrder(b *testing.B) {
	for _, s := range scales {
		b.Run(s.String(), func(b *testing.B) {
			h := newHost(s.containers, s.dangerous)
			g := h.build(b)
			cut := g.Cut(b.Context(), h.outside(), h.targets())
			for b.Loop() {
				g.Order(h.entries(), h.targets(), cut.Changes)
			}
			b.ReportMetric(float64(len(cut.Changes)), "changes")
		})
	}
}

// BenchmarkDifferent finds five ways from outside to the root of the host.
// Measured as above: 9 ms of 1,000 containers, 40 ms of 10,000.
func BenchmarkDifferent(b *testing.B) {
	for _, s := range scales {
		b.Run(s.String(), func(b *testing.B) {
			h := newHost(s.containers, s.dangerous)
			g := h.build(b)
			for b.Loop() {
				ways := g.Different(h.outside(), h.hostRoot, 5, h.kinds)
				b.ReportMetric(float64(len(ways)), "ways")
			}
		})
	}
}
