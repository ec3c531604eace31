package bench

import (
	"fmt"
	"testing"

	"seawall/rule"
	"seawall/rules"
	"seawall/snapshot"
	"seawall/source/runline"
	"seawall/trial"
)

// BenchmarkEvaluate measures evaluation alone, by all rules, of a synthetic
// snapshot of 10,000 containers, one in ten of them bad. It must stay below a
// second on two cores: measured were 870 ms (AMD EPYC, 245 rules).
//
//	make bench
func BenchmarkEvaluate(b *testing.B) {
	s := synthetic(b, 10_000)
	selected := rules.Book().Rules()
	b.ReportAllocs()
	for b.Loop() {
		if len(rule.Evaluate(s, selected)) < 10_000 {
			b.Fatal("no results")
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/10000-containers")
}

// synthetic is the baseline with n containers.
func synthetic(b *testing.B, n int) *snapshot.Snapshot {
	b.Helper()
	parse := func(line string) snapshot.Container {
		c, err := runline.Parse(line)
		if err != nil {
			b.Fatal(err)
		}
		return c
	}
	plain := parse("docker run -d -p 8080:80 -e A=b -v data:/data nginx")
	bad := parse("docker run -d --privileged -v /run/docker.sock:/run/docker.sock --pid host nginx")
	list := make([]snapshot.Container, n)
	for i := range list {
		list[i] = plain
		if i%10 == 0 {
			list[i] = bad
		}
		list[i].Name = fmt.Sprintf("c%05d", i)
	}
	s := trial.Baseline()
	s.Engines[0].Containers = snapshot.See(list, snapshot.At("containers", "GET /containers/json"))
	return s
}
