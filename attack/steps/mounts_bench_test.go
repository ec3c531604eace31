package steps_test

import (
	"testing"

	"seawall/attack/steps"
	"seawall/attack/steptest"
	"seawall/rule"
	"seawall/snapshot"
	"seawall/trial"
)

// BenchmarkContainers builds the model of 1000 equal containers by all steps: those
// without mounts of the host, those with ordinary ones and those with /etc: 7, 33 and
// 37 ms on two shared cores of an AMD EPYC
// (go test ./attack/steps -run XXX -bench Containers).
func BenchmarkContainers(b *testing.B) {
	for _, run := range []string{"docker run alpine", "docker run -v /srv/a:/a -v /srv/b:/b:ro -v data:/d alpine", "docker run -v /etc:/x alpine"} {
		b.Run(run, func(b *testing.B) {
			s, err := trial.Load(rule.Example{Run: run})
			if err != nil {
				b.Fatal(err)
			}
			list, _ := s.Engines[0].Containers.Peek()
			many := make([]snapshot.Container, 1000)
			for i := range many {
				many[i] = list[0]
			}
			s.Engines[0].Containers = snapshot.See(many, s.Engines[0].Containers.Origin())
			book := steps.All()
			b.ReportAllocs()
			for b.Loop() {
				steptest.Model(s, book)
			}
		})
	}
}
