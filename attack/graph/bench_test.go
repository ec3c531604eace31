package graph_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"seawall/attack/graph"
)

type scale struct {
	containers int
	dangerous  float64
}

var scales = []scale{{50, .2}, {1000, .05}, {1000, .2}, {2000, .2}, {10_000, .05}, {10_000, .2}}

func (s scale) String() string { return fmt.Sprintf("%d/%.0f%%", s.containers, 100*s.dangerous) }

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

func BenchmarkCut(b *testing.B) {
	for _, s := range scales {
		h := newHost(s.containers, s.dangerous)
		g := h.build(b)
		for name, entries := range map[string][]graph.State{"outside": h.outside(), "taken": h.taken(20), "all": h.taken(1)} {
			b.Run(s.String()+"/"+name, func(b *testing.B) {
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

func BenchmarkDifferent(b *testing.B) {
	for _, s := range scales {
		b.Run(s.String(), func(b *testing.B) {
			h := newHost(s.containers, s.dangerous)
			g := h.build(b)
			for b.Loop() {
				ways := g.Different(h.outside(), h.hostRoot, 5, func(m int) int32 { return h.kinds[m] })
				b.ReportMetric(float64(len(ways)), "ways")
			}
		})
	}
}
