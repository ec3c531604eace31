package container

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"seawall/lab"
	"seawall/observation"
	"seawall/rule"
	"seawall/source/observe"
	"seawall/source/observed"
)

// liveObserved are the containers of TestLiveObserved and the rules that must fail on
// each; all others of what was observed must pass.
var liveObserved = map[string][]string{
	"idle":   {"container-capability-unused", "container-runs-as-root-needlessly", "container-port-published-unused", "container-root-filesystem-writable-needlessly"},
	"server": {"container-capability-unused", "container-runs-as-root-needlessly", "container-root-filesystem-writable-needlessly"},
	"tight":  nil,
	"owner":  {"container-capability-unused"},
}

// startObserved starts them.
func startObserved(h *lab.TestHost, image string) {
	start := func(name, script string, flags ...string) {
		h.Run(append(append([]string{"--name", name}, flags...), image, "sh", "-c", script)...)
	}
	start("idle", "sleep 600", "-p", "8080:80", "-p", "5353:53/udp")
	start("server", "touch /tmp/pid && httpd -f -p 80", "-p", "8081:80")
	start("tight", "chown 33 /tmp && sleep 600", "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--cap-add", "CHOWN")
	start("owner", "chown 33 /etc/group && sleep 600")
}

// TestLiveObserved watches containers on a real engine and judges them by what was seen.
// As it was, the watch was too short to tell; had it lasted for an hour, the rules say
// which of what was given was not needed.
func TestLiveObserved(t *testing.T) {
	h := lab.New(t, lab.Options{})
	image := h.ImportBusybox()
	w, err := observe.Start(t.Context(), observe.Options{Interval: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx, func(*observation.Observation) {}) }()
	startObserved(h, image)
	time.Sleep(2 * time.Second) // until what they do at their start is done
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	seen := w.Observation()
	brief := observedVerdicts(t, h, seen)
	for i := range seen.Containers {
		seen.Containers[i].Watched.Seconds = 3600
	}
	long := observedVerdicts(t, h, seen)
	for name, fails := range liveObserved {
		for id, r := range long[name] {
			want := rule.Passed
			if slices.Contains(fails, id) {
				want = rule.Failed
			}
			if r.Verdict != want {
				t.Errorf("%s: %s is %s (%s), want %s", name, id, r.Verdict, r.Message, want)
			}
			if got := brief[name][id]; got.Verdict == rule.Failed || want == rule.Failed && got.Verdict != rule.Unknown {
				t.Errorf("%s, watched briefly: %s is %s (%s)", name, id, got.Verdict, got.Message)
			}
		}
		if len(long[name]) != len(observedRules()) {
			t.Errorf("%s: %d rules judged it", name, len(long[name]))
		}
	}
}

// observedVerdicts are those of the rules about what was observed.
func observedVerdicts(t *testing.T, h *lab.TestHost, o *observation.Observation) map[string]map[string]rule.Result {
	t.Helper()
	name := filepath.Join(t.TempDir(), "seen.json")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := o.Encode(file); err != nil {
		t.Fatal(err)
	}
	files, err := observed.Read([]string{name})
	if err != nil {
		t.Fatal(err)
	}
	s := audited(t, h)
	if got := files.Lay(s); got != len(liveObserved) {
		t.Errorf("%d containers were observed, want %d", got, len(liveObserved))
	}
	out := map[string]map[string]rule.Result{}
	for _, r := range rule.Evaluate(s, observedRules()) {
		if out[r.Subject.Name] == nil {
			out[r.Subject.Name] = map[string]rule.Result{}
		}
		out[r.Subject.Name][r.Rule] = r
	}
	return out
}
