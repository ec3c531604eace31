package bench

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"

	"seawall/lab"
)

// BenchmarkDeep measures `seawall audit` and `seawall audit --deep` with one
// container of an image of 100 MB or 1.2 GB, in the engine's own store and in
// containerd's, and what an export of the image (docker save) would cost, which
// also writes the image to the engine's disk first.
//
//	go test -run '^$' -bench Deep -benchtime 3x ./bench
//
// Measured on two cores (Intel Xeon, Linux 6.18, Engine 28.5), everything in memory.
// The machine had other work (a load of 15), so the processor time of the process is
// what counts; wall time is given for comparison with the export. Peak is the maximum
// resident set.
//
//	store       image             audit        deep              save   peak
//	overlay2    100 MB, 3,111     47 ms   131 ms    0.8 s wall   1.4 s  23 MiB
//	            1.2 GB, 13,014    31 ms   262 ms    0.8 s        7.3 s  24 MiB
//	containerd  100 MB, 3,111     45 ms   1,100 ms  4.6 s        1.3 s  23 MiB
//	            1.2 GB, 13,014    37 ms   11,600 ms 52 s        10.7 s  23 MiB
//
// The own store has the headers of a layer apart; containerd's has gzip to unpack.
func BenchmarkDeep(b *testing.B) {
	seawall := build(b)
	for _, store := range []struct{ name, json string }{
		{"overlay2", "{}"}, {"containerd", `{"features": {"containerd-snapshotter": true}}`},
	} {
		for _, size := range []struct {
			name    string
			layers  int
			content string
		}{
			{"100MB", 1, "usr/lib usr/share etc"},
			{"1.2GB", 3, "usr etc var"},
		} {
			b.Run(store.name+"/"+size.name, func(b *testing.B) {
				h := lab.New(b, lab.Options{Version: lab.V28, DaemonJSON: store.json})
				h.CopyIn(seawall, "/usr/local/bin/seawall", 0o755)
				files := layered(h, size.layers, size.content)
				b.Run("audit", func(b *testing.B) { measure(b, h, files) })
				b.Run("deep", func(b *testing.B) { measure(b, h, files, "--deep") })
				b.Run("save", func(b *testing.B) {
					for b.Loop() {
						h.Exec("sh", "-c", "docker save bench:1 >/dev/null")
					}
				})
			})
		}
	}
}

// layered builds bench:1 of so many layers, each with a copy of these directories
// of the host, and starts a container. It returns how many files there are.
func layered(h *lab.TestHost, layers int, content string) (files float64) {
	h.Exec("sh", "-ec", "mkdir -p /srv/build/files && cd / && tar --one-file-system --exclude=var/lib/docker -c "+content+" | tar -C /srv/build/files -x")
	steps := []string{"FROM scratch"}
	for i := range layers {
		steps = append(steps, fmt.Sprintf("COPY files /copy%d", i))
	}
	h.WriteFile("/srv/build/Dockerfile", strings.Join(append(steps, `CMD ["/x"]`), "\n"), 0o644)
	h.Exec("sh", "-ec", "DOCKER_BUILDKIT=0 docker build -t bench:1 /srv/build 2>&1 && docker create --name bench bench:1")
	var n int
	_, _ = fmt.Sscan(h.Exec("sh", "-c", "find /srv/build/files | wc -l"), &n)
	h.Exec("rm", "-r", "/srv/build")
	return float64(n * layers)
}

// measure runs an audit and reports its processor time and peak of memory.
func measure(b *testing.B, h *lab.TestHost, files float64, flags ...string) {
	var peak, spent int64
	for b.Loop() {
		cmd := h.Command(context.Background(), append([]string{"/usr/local/bin/seawall", "audit", "--exit-zero", "--format", "json"}, flags...)...)
		cmd.Stdout, cmd.Stderr = io.Discard, os.Stderr
		if err := cmd.Run(); err != nil {
			b.Fatalf("audit: %v", err)
		}
		if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			peak = max(peak, usage.Maxrss)
			spent += (usage.Utime.Nano() + usage.Stime.Nano()) / 1e6
		}
	}
	b.ReportMetric(float64(peak)/1024, "peak-MiB")
	b.ReportMetric(float64(spent)/float64(b.N), "cpu-ms/op")
	b.ReportMetric(files, "files")
}
