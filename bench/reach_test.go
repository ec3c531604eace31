package bench

import (
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"seawall/lab"
	"seawall/reach/matrix"
	"seawall/snapshot"
	"seawall/source/hostfile"
	"seawall/source/livehost"
)

// BenchmarkReach measures who reaches what on a host with 300 containers on ten
// networks, each with a published port, and an engine that listens ten times.
//
//	make bench
//
// read: a snapshot with all network namespaces, and the kernels' answers about
// routes. probe: the same, with every connection tried that is safe to try.
// evaluate: the matrix of the snapshot. Its budget is one second.
// audit: `seawall audit`, which asks for the networks of the machine alone, with
// the budget of [BenchmarkAudit].
//
// In seconds of CPU (AMD EPYC, Linux 6.18, Engine 28.5), which other work on the two
// cores does not change as it does wall time: `seawall snapshot --reach` 3.5, of which
// the kernels and the programs that list their rules take 1.4, and `seawall audit`
// 0.56. On two idle cores the matrix takes 0.46 s, reading 2.3 s.
func BenchmarkReach(b *testing.B) {
	h := crowded(b)
	collect := func(probe bool) *snapshot.Snapshot {
		s, err := livehost.Collect(b.Context(), livehost.Options{
			Machine:       livehost.Machine{Proc: "/proc", Sys: "/sys", Root: h.Root(), Files: hostfile.New(h.Root())},
			ContainerNets: true, Probe: probe, Plan: func(s *snapshot.Snapshot) livehost.NetPlan { return matrix.NewPlan(s, matrix.Everything) },
		})
		if err != nil {
			b.Fatal(err)
		}
		return s
	}
	var s *snapshot.Snapshot
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			s = collect(false)
		}
	})
	b.Run("probe", func(b *testing.B) {
		for b.Loop() {
			b.ReportMetric(float64(len(collect(true).Probes)), "connections")
		}
	})
	b.Run("evaluate", func(b *testing.B) {
		var m *matrix.Matrix
		for b.Loop() {
			m = matrix.Of(s)
		}
		b.ReportMetric(float64(len(m.Sources)), "sources")
		b.ReportMetric(float64(len(m.Targets)), "targets")
	})
	seawall := build(b)
	h.CopyIn(seawall, "/usr/local/bin/seawall", 0o755)
	var bare time.Duration
	b.Run("bare", func(b *testing.B) {
		client := apiClient(h.Sock())
		for b.Loop() {
			fetch(b, client)
		}
		bare = b.Elapsed() / time.Duration(b.N)
	})
	b.Run("audit", func(b *testing.B) {
		for b.Loop() {
			audit(b, h)
		}
		b.ReportMetric(float64((bare*3/2 + 150*time.Millisecond).Milliseconds()), "budget-ms")
	})
}

// crowded is a host with many containers that have something to say on the
// network.
func crowded(b *testing.B) *lab.TestHost {
	b.Helper()
	const containers, networks, listeners = 300, 10, 10
	h := lab.New(b, lab.Options{Version: lab.V28, LAN: true})
	flags := []string{"--tls=false", "-H", "unix:///run/docker.sock"}
	for i := range listeners {
		address := "0.0.0.0"
		if i%2 == 1 {
			address = "127.0.0.1"
		}
		flags = append(flags, "-H", "tcp://"+address+":"+strconv.Itoa(2375+i))
	}
	h.RestartDaemon(flags...)
	image := h.ImportBusybox()
	for i := range networks {
		h.Docker("network", "create", fmt.Sprintf("net%d", i))
	}
	slots := make(chan struct{}, 4)
	var all sync.WaitGroup
	for i := range containers {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			h.Run("--name", fmt.Sprintf("c%03d", i), "--network", fmt.Sprintf("net%d", i%networks),
				"-p", fmt.Sprintf("%d:80", 10000+i), image, "busybox", "httpd", "-f", "-p", "80")
		})
	}
	all.Wait()
	return h
}
