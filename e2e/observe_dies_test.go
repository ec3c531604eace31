package e2e

import (
	"regexp"
	"syscall"
	"testing"

	"seawall/lab"
	"seawall/observation"
)

// TestObserveContainerDies: of a container that is killed while it is watched, and of one
// that is removed with it, all is kept that was seen until then, with its end; the watch goes
// on.
func TestObserveContainerDies(t *testing.T) {
	h := newHost(t, lab.Options{})
	image := h.ImportBusybox()
	o := observe(t, h, "/tmp/seen.json")
	for _, name := range []string{"killed", "removed"} {
		h.Run("--name", name, image, "sh", "-c", "chown 33 /tmp; sleep 1000")
	}
	o.await("both are seen", func(s *observation.Observation) bool {
		return uses(s, "killed", "CHOWN") && uses(s, "removed", "CHOWN")
	})
	h.Docker("kill", "killed")
	h.Docker("rm", "-f", "removed")
	h.Docker("run", "--name", "later", image, "ping", "-c", "1", "127.0.0.1")
	ended := func(s *observation.Observation, name string) bool {
		c := of(s, name)
		return c != nil && c.Watched.Starts == 1 && c.Watched.Ends == 1
	}
	o.await("their ends", func(s *observation.Observation) bool {
		return ended(s, "killed") && ended(s, "removed") && ended(s, "later")
	})
	got := o.end(syscall.SIGINT)
	for _, want := range []string{`(?m)^killed  lab/busybox:1\n  watched +[0-9.]+ s, 1 start seen, 1 end seen$`, `(?m)^removed  lab/busybox:1$`} {
		if !regexp.MustCompile(want).MatchString(got.stdout) {
			t.Errorf("no %s in\n%s", want, got.stdout)
		}
	}
	seen := o.read()
	if got.code != 0 || !uses(seen, "killed", "CHOWN") || !uses(seen, "removed", "CHOWN") || !uses(seen, "later", "NET_RAW") {
		t.Errorf("exit code %d, %s; seen %+v", got.code, got.stderr, seen)
	}
}
