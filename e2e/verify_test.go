package e2e

import (
	"strings"
	"syscall"
	"testing"

	"seawall/lab"
	"seawall/observation"
)

// TestAdviseVerify: a copy of a container is run with what is advised. What that lacks
// is added back, the original and its volume stay as they are, and no copy is left.
func TestAdviseVerify(t *testing.T) {
	h := newHost(t, lab.Options{})
	image := h.ImportBusybox()
	// Its start needs CHOWN. The check asks for more, which nobody saw.
	start := "echo start >> /data/starts; rm -f /data/f; touch /data/f; chown 33 /data/f || exit 1; trap exit TERM; while :; do sleep 3600 & wait $!; done"
	h.Docker("run", "-d", "--name", "web", "-v", "kept:/data", "-p", "127.0.0.1:8080:80", image, "sh", "-c", start)
	o := observe(t, h, "/tmp/seen.json")
	h.Docker("restart", "-t", "1", "web")
	o.await("its start", func(s *observation.Observation) bool { return uses(s, "web", "CHOWN") })
	o.end(syscall.SIGINT)
	before := h.Docker("inspect", "web") + h.Docker("ps", "-aq") + h.Docker("volume", "ls", "-q")
	kept := h.Docker("exec", "web", "cat", "/data/starts")

	verify := func(check string, more ...string) outcome {
		return seawall(t, h, append([]string{"advise", "web", "--observation", "/tmp/seen.json", "--verify", "--within", "5s", "--check", check}, more...)...)
	}
	if got := verify("true"); got.code != 2 || !strings.Contains(got.stderr, "give --yes") || !strings.Contains(got.stderr, "fresh volumes in place of the original's, which stay untouched: /data") {
		t.Errorf("it did not ask: %+v", got)
	}
	for _, test := range []struct {
		name, check string
		code        int
		want        string
	}{
		{"works", "test -e /data/f", 0, "--cap-drop=ALL --cap-add=CHOWN "},
		{"lacks a capability", "touch /tmp/k && chown 33 /tmp/k && chmod 600 /tmp/k && test -e /data/f", 0, "--cap-add=CHOWN --cap-add=FOWNER "},
		{"never works", "false", 1, "does not work as the container is set up now"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := verify(test.check, "--yes")
			if text := strings.Join(strings.Fields(got.stdout), " "); got.code != test.code || !strings.Contains(text, test.want) {
				t.Errorf("exit code %d, want %d and %q\n%s%s", got.code, test.code, test.want, got.stderr, got.stdout)
			}
		})
	}
	if after := h.Docker("inspect", "web") + h.Docker("ps", "-aq") + h.Docker("volume", "ls", "-q"); after != before {
		t.Errorf("something changed:\n%s\n%s", before, after)
	}
	if now := h.Docker("exec", "web", "cat", "/data/starts"); now != kept {
		t.Errorf("its volume was written: %q, was %q", now, kept)
	}
}

// TestAdviseVerifyTmpfs: a copy has the tmpfs mounts of the container, of both kinds and with
// their options, as it is set up and with what is advised, where one is on /tmp, too.
func TestAdviseVerifyTmpfs(t *testing.T) {
	h := newHost(t, lab.Options{})
	image := h.ImportBusybox()
	// What its check calls it calls itself: else the seccomp profile would lack that.
	const start = "grep -q '^tmpfs /scratch .*size=1024k' /proc/mounts && grep -q '^tmpfs /tmp .*size=2048k' /proc/mounts && touch /tmp/x /scratch/x; test -e /scratch/x; exec sleep 1000"
	h.Docker("run", "-d", "--name", "web", "--tmpfs", "/scratch:size=1m", "--mount", "type=tmpfs,dst=/tmp,tmpfs-size=2m", image, "sh", "-c", start)
	o := observe(t, h, "/tmp/seen.json")
	h.Docker("restart", "-t", "1", "web")
	o.await("its start", func(s *observation.Observation) bool { c := of(s, "web"); return c != nil && c.Watched.Starts == 1 })
	o.end(syscall.SIGINT)
	got := seawall(t, h, "advise", "web", "--observation", "/tmp/seen.json", "--verify", "--yes", "--within", "10s", "--check", "test -e /tmp/x && test -e /scratch/x")
	for _, want := range []string{"as it is set up now: works", "with what is advised: works"} {
		if !strings.Contains(got.stderr, want) {
			t.Errorf("no %q: %+v", want, got)
		}
	}
	if !strings.Contains(got.stdout, "--read-only") || strings.Contains(got.stdout, "--tmpfs") || got.code != 0 {
		t.Errorf("exit code %d\n%s", got.code, got.stdout)
	}
}
