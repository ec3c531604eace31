package container

import (
	"fmt"
	"testing"

	"seawall/rule"
	"seawall/snapshot"
	"seawall/trial"
)

// BenchmarkRules judges 10,000 containers, one in ten of them bad, each with a
// volume of its own, by all rules of the package. It must stay below a second
// on two cores.
func BenchmarkRules(b *testing.B) {
	s := fleet(b, 10_000)
	rules := Rules()
	b.ReportAllocs()
	for b.Loop() {
		rule.Evaluate(s, rules)
	}
}

func fleet(tb testing.TB, n int) *snapshot.Snapshot {
	tb.Helper()
	s, err := trial.Load(rule.Example{Run: "docker run -p 8080:80 -e A=b -v data:/data nginx\n" +
		"docker run --privileged -v /run/docker.sock:/run/docker.sock --pid host nginx"})
	if err != nil {
		tb.Fatal(err)
	}
	e := &s.Engines[0]
	kinds, _ := e.Containers.Peek()
	list, volumes := make([]snapshot.Container, n), make([]snapshot.Volume, n)
	for i := range list {
		list[i] = kinds[0]
		if i%10 == 0 {
			list[i] = kinds[1]
		}
		list[i].Name = fmt.Sprintf("c%05d", i)
		list[i].ID = fmt.Sprintf("%064x", i)
		volumes[i] = snapshot.Volume{Name: fmt.Sprintf("%064x", i), Driver: "local"}
		mount := snapshot.Mount{Type: "volume", Volume: volumes[i].Name, Driver: "local", Destination: "/data"}
		list[i].Mounts = snapshot.See([]snapshot.Mount{mount}, list[i].Mounts.Origin())
		p := ordinaryProcess()
		list[i].Process = snapshot.See(p, list[i].Process.Origin())
	}
	e.Volumes = snapshot.See(volumes, e.Volumes.Origin())
	e.Containers = snapshot.See(list, e.Containers.Origin())
	return s
}
