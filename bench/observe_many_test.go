package bench

import (
	"context"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"seawall/lab"
	"seawall/observation"
)

var manyContainers = flag.Int("many-containers", 500, "how many containers BenchmarkObserveMany watches")

// BenchmarkObserveMany watches many containers that run at once, each of which uses a
// capability, a socket and a file, and measures the memory that this takes: of the maps in the
// kernel, and by how much they grew (they have their room from the start), and of the
// observer. All must be seen, and nothing lost.
//
//	go test -run '^$' -bench ObserveMany -benchtime 1x -timeout 30m ./bench
func BenchmarkObserveMany(b *testing.B) {
	h := lab.New(b, lab.Options{})
	h.CopyIn(build(b), "/usr/local/bin/seawall", 0o755)
	image := h.ImportBusybox()
	const file = "/tmp/seen.json"
	cmd := h.Command(context.Background(), "/usr/local/bin/seawall", "observe", "-q", "-o", file, "--syscall-window", "1m")
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM); err != nil {
			b.Error(err)
		}
		_ = cmd.Wait() // the shells in front of it were ended by the signal
	})
	seen := func() *observation.Observation {
		text, err := h.ReadFile(file)
		if err != nil {
			return nil
		}
		o, err := observation.Decode(strings.NewReader(string(text)))
		if err != nil {
			b.Fatal(err)
		}
		return o
	}
	for range 300 {
		if seen() != nil {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	before, _ := observerMemory(b, h)
	started := startMany(b, h, image)
	using := 0
	for range 120 {
		o := seen()
		using = 0
		for i := range o.Containers {
			if o.Containers[i].Used().String() == "CHOWN" {
				using++
			}
		}
		if using >= started {
			break
		}
		time.Sleep(time.Second)
	}
	if o := seen(); using != started || o.Lost.Any() {
		b.Errorf("%d of %d containers are seen to use CHOWN, lost %+v", using, started, o.Lost)
	}
	after, resident := observerMemory(b, h)
	b.ReportMetric(float64(after), "kernel-B")
	b.ReportMetric(float64(after-before), "kernel-growth-B")
	b.ReportMetric(float64(started), "containers")
	b.ReportMetric(float64(resident), "observer-B")
	b.ReportMetric(0, "ns/op")
}

// startMany starts the containers, a few at a time, and returns how many run.
func startMany(b *testing.B, h *lab.TestHost, image string) int {
	b.Helper()
	var all sync.WaitGroup
	var next, running atomic.Int64
	for range 4 {
		all.Go(func() {
			for n := next.Add(1); n <= int64(*manyContainers); n = next.Add(1) {
				_, err := h.Engine().Docker(b.Context(), "run", "-d", "--network", "none", "--name", fmt.Sprint("many-", n), image,
					"sh", "-c", "chown 33 /tmp; echo x > /etc/x; nc -l -p 99")
				if err != nil {
					b.Error(err)
					return
				}
				running.Add(1)
			}
		})
	}
	all.Wait()
	return int(running.Load())
}

// observerMemory is what the observer's maps take in the kernel, and itself, in bytes.
func observerMemory(b *testing.B, h *lab.TestHost) (kernel, resident int64) {
	b.Helper()
	// A descriptor may be closed meanwhile.
	text := h.Exec("sh", "-c", `p=$(pidof seawall) && { cat /proc/$p/fdinfo/* 2>/dev/null || true; } && cat /proc/$p/status`)
	maps := map[string]int64{}
	var locked int64
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		n, err := strconv.ParseInt(f[1], 10, 64)
		switch {
		case err != nil:
		case f[0] == "memlock:":
			locked = n
		case f[0] == "map_id:":
			maps[f[1]] = locked
		case f[0] == "VmRSS:":
			resident = n << 10
		}
	}
	for _, n := range maps {
		kernel += n
	}
	return kernel, resident
}
