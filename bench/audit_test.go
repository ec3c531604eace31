package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"seawall/lab"
)

// BenchmarkAudit measures, for 10, 100 and 300 running containers on one
// engine, side by side: the bare fetch of the facts that every audit needs from
// the API, and `seawall audit` with all collectors on, as a process of its own.
//
//	make bench
//
// bare: GET /info, /version, /networks, /images/json, /containers/json and one
// inspect per container, on one connection, read and thrown away.
// audit: wall time of the process; peak-MiB is its maximum resident set;
// budget-ms is 1.5 × the bare fetch + 150 ms, the most it should take.
//
// Measured on two otherwise idle cores (AMD EPYC, Linux 6.18, Engine 28.5), with 333
// rules, 265 of them asked by default:
//
//	containers    bare    audit   budget   peak
//	        10   19 ms    89 ms   178 ms   39 MiB
//	       100   50 ms   169 ms   224 ms   47 MiB
//	       300  119 ms   353 ms   327 ms   76 MiB
//
// Of the last, two thirds are spent in reading: 40,000 system calls, a quarter of them
// for the open descriptors of all processes, which tell who holds the engine's sockets.
// Of the peak, 9 MiB are the CEL library's.
func BenchmarkAudit(b *testing.B) {
	seawall := build(b)
	h := lab.New(b, lab.Options{Version: lab.V28})
	image := h.ImportSleep()
	h.CopyIn(seawall, "/usr/local/bin/seawall", 0o755)
	have := 0
	for _, n := range []int{10, 100, 300} {
		for ; have < n; have++ {
			h.Run(containerFlags(have, image)...)
		}
		var bare time.Duration
		b.Run(fmt.Sprintf("containers=%d/bare", n), func(b *testing.B) {
			client := apiClient(h.Sock())
			for b.Loop() {
				fetch(b, client)
			}
			bare = b.Elapsed() / time.Duration(b.N)
		})
		b.Run(fmt.Sprintf("containers=%d/audit", n), func(b *testing.B) {
			var peak int64
			for b.Loop() {
				peak = max(peak, audit(b, h))
			}
			b.ReportMetric(float64(peak)/1024, "peak-MiB")
			b.ReportMetric(float64((bare*3/2 + 150*time.Millisecond).Milliseconds()), "budget-ms")
		})
	}
}

// containerFlags makes nine of ten containers plain and the tenth a bad one.
func containerFlags(i int, image string) []string {
	flags := []string{"--name", fmt.Sprintf("c%03d", i), "--network", "none"}
	if i%10 == 0 {
		flags = append(flags, "-v", "/run/docker.sock:/var/run/docker.sock", "--cap-add", "SYS_ADMIN",
			"--security-opt", "seccomp=unconfined", "--pid", "host", "-e", "DB_PASSWORD=x")
	}
	return append(flags, image)
}

// build builds the binary as released.
func build(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "seawall")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", path, "seawall/cmd/seawall")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

// audit runs the binary in the host and returns its peak memory in KiB.
func audit(b *testing.B, h *lab.TestHost) int64 {
	b.Helper()
	cmd := h.Command(context.Background(), "/usr/local/bin/seawall", "audit", "--exit-zero", "--format", "json")
	cmd.Stdout, cmd.Stderr = io.Discard, os.Stderr
	if err := cmd.Run(); err != nil {
		b.Fatalf("audit: %v", err)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		b.Fatal("no resource usage")
	}
	return usage.Maxrss
}

// apiClient is one connection to the engine's socket.
func apiClient(sock string) *http.Client {
	return &http.Client{Transport: &http.Transport{
		MaxConnsPerHost: 1,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", sock)
		},
	}}
}

// fetch reads what every audit has to read.
func fetch(b *testing.B, client *http.Client) {
	b.Helper()
	for _, path := range []string{"/info", "/version", "/networks", "/images/json"} {
		get(b, client, path, nil)
	}
	var list []struct{ ID string }
	get(b, client, "/containers/json?all=1", &list)
	for _, c := range list {
		get(b, client, "/containers/"+c.ID+"/json", nil)
	}
}

func get(b *testing.B, client *http.Client, path string, into any) {
	b.Helper()
	resp, err := client.Get("http://engine" + path)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	if into != nil {
		if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		b.Fatal(err)
	}
}
