package bench

import (
	"fmt"
	"strconv"
	"sync"
	"testing"

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
// read: all network namespaces, and the kernels' answers about routes.
// evaluate: the matrix of the snapshot. Its budget is one second.
func BenchmarkReach(b *testing.B) {
	h := crowded(b)
	collect := func() *snapshot.Snapshot {
		s, err := livehost.Collect(b.Context(), livehost.Options{
			Machine:       livehost.Machine{Proc: "/proc", Sys: "/sys", Root: h.Root(), Files: hostfile.New(h.Root())},
			ContainerNets: true, Plan: func(s *snapshot.Snapshot) livehost.NetPlan { return matrix.NewPlan(s, matrix.Everything) },
		})
		if err != nil {
			b.Fatal(err)
		}
		return s
	}
	var s *snapshot.Snapshot
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			s = collect()
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
