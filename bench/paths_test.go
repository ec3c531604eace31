package bench

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"

	"seawall/attack"
	"seawall/attack/steps"
	"seawall/reach/matrix"
	"seawall/rule/example"
	"seawall/snapshot"
	"seawall/source/runline"
	"seawall/trial"
)

// BenchmarkPaths measures attack paths of synthetic snapshots in which no two
// containers are alike: one in twenty can take the host over, each by ways of its
// own, and most share a volume or a network with others.
//
//	make bench
//
// build: the moves of all steps. paths: moves, states, and the paths of all entries
// and targets. cut: the cheapest changes that end them. peak-MiB: the most memory that
// objects take besides the snapshot, garbage that waits to be collected included.
//
// Measured on two idle cores (AMD EPYC), ms, the median of three runs:
//
//	containers   build   paths   cut   peak-MiB of paths, of cut
//	        50     1.1     2.1     4     1     3
//	     1,000      13    19.6    23    13    18
//	    10,000     124     197   280    77   120
//
// The budgets are 20 and 200 ms for paths, and 128 MiB. All cuts are proven. The machine
// itself varies by a tenth. Before memory was used again from site to site: 26 and 258 ms,
// 203 and 318 MiB.
func BenchmarkPaths(b *testing.B) {
	for _, n := range []int{50, 1_000, 10_000} {
		percent := 400 // as "seawall paths" has it
		if n > 2_000 {
			percent = 130
		}
		defer debug.SetGCPercent(debug.SetGCPercent(percent))
		s := diverse(b, n)
		book := steps.All()
		none := func() *matrix.Matrix { return &matrix.Matrix{} }
		b.Run(fmt.Sprintf("containers=%d/build", n), func(b *testing.B) {
			for b.Loop() {
				attack.Build(s, book, none)
			}
			b.ReportMetric(float64(attack.Build(s, book, none).Len()), "moves")
		})
		b.Run(fmt.Sprintf("containers=%d/paths", n), func(b *testing.B) {
			for b.Loop() {
				answer(b, attack.Build(s, book, none), 0)
			}
			b.ReportMetric(float64(peak(func() { answer(b, attack.Build(s, book, none), 0) }))/(1<<20), "peak-MiB")
		})
		b.Run(fmt.Sprintf("containers=%d/cut", n), func(b *testing.B) {
			m := attack.Build(s, book, none)
			var a *attack.Answer
			for b.Loop() {
				a = answer(b, m, 5*time.Second)
			}
			b.ReportMetric(float64(peak(func() { answer(b, attack.Build(s, book, none), 5*time.Second) }))/(1<<20), "peak-MiB")
			b.ReportMetric(float64(len(a.Cut.Changes)), "changes")
			b.ReportMetric(float64(a.Cut.Cost), "cost")
			b.ReportMetric(float64(a.Cut.Lower), "lower")
		})
	}
}

// peak is the most memory, in bytes, that objects take while something is done, garbage
// that waits to be collected included, besides what they take before.
func peak(do func()) uint64 {
	heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	read := func() uint64 {
		metrics.Read(heap)
		return heap[0].Value.Uint64()
	}
	runtime.GC()
	before, most := read(), uint64(0)
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	for tick := time.NewTicker(time.Millisecond); ; {
		select {
		case <-tick.C:
			most = max(most, read())
		case <-done:
			tick.Stop()
			return max(most, read()) - before
		}
	}
}

// answer asks for paths, and for a cut within a time; no cut if it is 0.
func answer(b *testing.B, m *attack.Model, within time.Duration) *attack.Answer {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), within)
	defer cancel()
	a, err := m.Answer(ctx, attack.Question{Ways: 3, NoCut: within == 0})
	if err != nil {
		b.Fatal(err)
	}
	return a
}

// diverse is a snapshot of n containers of which no two are alike to an attacker.
func diverse(b *testing.B, n int) *snapshot.Snapshot {
	b.Helper()
	caps := []string{"SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "DAC_READ_SEARCH", "SYS_RAWIO", "BPF", "NET_ADMIN", "SYS_BOOT"}
	list := make([]snapshot.Container, n)
	for i := range list {
		// A volume of its own and one of a few others, and a path of its own.
		line := fmt.Sprintf("docker run -v own%d:/own -v shared%d:/shared -v /srv/data%d:/data --network net%d", i, i/3, i, i/20)
		if i%2 == 1 {
			line += " --user 1000"
		} else {
			line += " --user 0"
		}
		if i%20 == 0 {
			line += fmt.Sprintf(" --cap-add %s -v /home/user%d:/home", caps[i/20%len(caps)], i)
		}
		if i%100 == 20 {
			line += " --privileged --pid host"
		}
		if i%100 == 60 {
			line += fmt.Sprintf(" -v /etc/conf%d:/etc/conf -v /run/docker.sock:/s", i)
		}
		c, err := runline.Parse(line + " nginx")
		if err != nil {
			b.Fatal(err)
		}
		c.Name = fmt.Sprintf("c%05d", i)
		list[i] = c
	}
	s := trial.Baseline()
	e := &s.Engines[0]
	example.Set(&e.Settings.AppArmor, false)
	e.Containers = snapshot.See(list, snapshot.At("containers", "GET /containers/json"))
	return s
}
