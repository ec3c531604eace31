package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"seawall/lab"
)

// The ways to be watched.
var watchModes = []struct {
	name  string
	flags []string // nil: not watched
}{
	{"unwatched", nil},
	{"capabilities", []string{"--no-syscalls"}},
	{"syscalls", []string{"--syscall-window", "1h"}},
}

// BenchmarkObserve measures what watching costs the watched: the processor time of single
// operations in a container, and of nginx for a request. The modes alternate in random
// order, and each figure is the median of the rounds. "capabilities" is watching without
// system calls, "syscalls" while those are recorded, too. The percentages are medians of
// pairs: of a round in a mode and the same round unwatched, which a machine's changing load
// affects alike.
//
//	go test -run '^$' -bench 'Observe$' -benchtime 15x -timeout 60m ./bench
//
// getppid needs no capability. An open of a file of somebody else asks for one every time;
// so does chown, which is recorded as the change of a file, too.
func BenchmarkObserve(b *testing.B) {
	h := lab.New(b, lab.Options{})
	h.CopyIn(build(b), "/usr/local/bin/seawall", 0o755)
	program := buildLoad(b)
	h.CopyIn(program, "/usr/local/bin/load", 0o755)
	code, err := os.ReadFile(program)
	if err != nil {
		b.Fatal(err)
	}
	image, err := h.Busybox()
	if err != nil {
		b.Fatal(err)
	}
	image.Ref, image.Files["bin/load"] = "lab/load:1", code
	h.ImportImage(image)
	h.Run("--name", "load", image.Ref)
	nginx := h.Run("--name", "nginx", h.ImportServer(lab.Nginx))
	url := "http://" + h.Docker("inspect", "-f", "{{.NetworkSettings.Networks.bridge.IPAddress}}", nginx) + "/"

	for _, m := range []struct {
		name string
		once func() float64
	}{
		{"getppid", func() float64 { return number(b, h.Docker("exec", "load", "load", "getppid", "2000000")) }},
		{"open", func() float64 { return number(b, h.Docker("exec", "load", "load", "open", "100000")) }},
		{"foreign", func() float64 { return number(b, h.Docker("exec", "load", "load", "foreign", "100000")) }},
		{"chown", func() float64 { return number(b, h.Docker("exec", "load", "load", "chown", "100000")) }},
		{"nginx", func() float64 { return nginxTime(b, h, nginx, url, 10000) }},
	} {
		b.Run(m.name, func(b *testing.B) {
			taken := make([][]float64, len(watchModes))
			for b.Loop() {
				for _, i := range rand.Perm(len(watchModes)) {
					stop := watched(b, h, watchModes[i].flags)
					taken[i] = append(taken[i], m.once())
					stop()
				}
			}
			for i, mode := range watchModes {
				b.ReportMetric(median(taken[i]), "ns-"+mode.name)
				if i > 0 {
					b.ReportMetric(100*(median(ratios(taken[i], taken[0]))-1), "%-"+mode.name)
				}
			}
			b.ReportMetric(0, "ns/op") // of a round, which says nothing
		})
	}
}

// buildLoad builds bench/load.
func buildLoad(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "load")
	cmd := exec.Command("go", "build", "-o", path, "seawall/bench/load")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("build load: %v\n%s", err, out)
	}
	return path
}

// watched starts an observer, if there are flags, and waits until it watches.
func watched(b *testing.B, h *lab.TestHost, flags []string) (stop func()) {
	b.Helper()
	if flags == nil {
		return func() {}
	}
	const file = "/tmp/seen.json"
	h.Exec("rm", "-f", file)
	cmd := h.Command(context.Background(), append([]string{"/usr/local/bin/seawall", "observe", "-q", "-o", file}, flags...)...)
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	for range 200 {
		if _, err := h.ReadFile(file); err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	return func() {
		if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM); err != nil {
			b.Fatal(err)
		}
		_ = cmd.Wait() // the shells in front of it were ended by the signal
		if _, err := h.ReadFile(file); err != nil {
			b.Fatalf("it did not watch: %v", err)
		}
	}
}

// nginxTime is the processor time that the processes of nginx take for a request.
func nginxTime(b *testing.B, h *lab.TestHost, id, url string, requests int) float64 {
	b.Helper()
	before := containerTime(b, h, id)
	h.Exec("/usr/local/bin/load", "get", strconv.Itoa(requests), url)
	return float64(containerTime(b, h, id)-before) / float64(requests)
}

// containerTime is the time in nanoseconds that the processes of a container ran.
func containerTime(b *testing.B, h *lab.TestHost, id string) int64 {
	b.Helper()
	total := int64(0)
	for _, line := range strings.Split(h.Docker("top", id, "-o", "pid"), "\n")[1:] {
		stat, err := h.ReadFile(fmt.Sprintf("/proc/%s/schedstat", strings.TrimSpace(line)))
		if err != nil {
			b.Fatal(err)
		}
		ran, err := strconv.ParseInt(strings.Fields(string(stat))[0], 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		total += ran
	}
	return total
}

func number(b *testing.B, text string) float64 {
	b.Helper()
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// ratios divides pairs.
func ratios(list, base []float64) []float64 {
	out := make([]float64, len(list))
	for i := range list {
		out[i] = list[i] / base[i]
	}
	return out
}

func median(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}
