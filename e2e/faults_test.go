package e2e

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"seawall/lab"
)

// wantLine checks an exit code and a message of exactly one line on stderr.
func wantLine(t *testing.T, o outcome, code int, parts ...string) {
	t.Helper()
	message := strings.TrimSuffix(o.stderr, "\n")
	if o.code != code || strings.Contains(message, "\n") || !strings.HasPrefix(message, "seawall: ") {
		t.Errorf("exit code %d (want %d), stderr %q", o.code, code, o.stderr)
	}
	for _, part := range parts {
		if !strings.Contains(message, part) {
			t.Errorf("message %q does not say %q", message, part)
		}
	}
}

// TestNothingToLookAt: what is not there, or does not let us in, is one line
// and exit code 3.
func TestNothingToLookAt(t *testing.T) {
	h := newHost(t, lab.Options{Version: lab.V26, NoEngine: true})
	h.AddUser("mallory")
	wantLine(t, seawall(t, h, "audit"), 3, "no Docker Engine found on this machine")
	wantLine(t, seawall(t, h, "snapshot", "-o", "/tmp/s.json"), 3, "no Docker Engine found")
	h.Exec("test", "!", "-e", "/tmp/s.json")
	wantLine(t, seawall(t, h, "audit", "--host", "unix:///run/none.sock"), 3, "/run/none.sock")
	wantLine(t, seawall(t, h, "audit", "--host", "tcp://127.0.0.1:9"), 3, "127.0.0.1:9", "nothing listens there")
	wantLine(t, seawall(t, h, "audit", "--host", "gopher://x"), 2, "gopher")
	wantLine(t, seawall(t, h, "audit", "--context", "nowhere"), 2, "nowhere")

	h.StartDaemon("-H", "unix:///run/docker.sock", "-H", "tcp://127.0.0.1:2375", "--tls=false")
	asMallory := func(args ...string) outcome {
		return execute(t, h, append([]string{"env", "HOME=/home/mallory", "setpriv", "--reuid", "mallory", "--regid", "mallory", "--init-groups", programInside}, args...)...)
	}
	wantLine(t, asMallory("audit", "--host", "unix:///run/docker.sock"), 3, "permission denied", "docker")
	wantLine(t, seawall(t, h, "audit", "--host", "tcp://127.0.0.1:2375", "--tls"), 3, "127.0.0.1:2375")
}

// TestEngineStopsAnswering: an engine that hangs does not hang the audit, and
// nothing about it passes.
func TestEngineStopsAnswering(t *testing.T) {
	h := newHost(t, lab.Options{Version: lab.V26})
	image := h.ImportSleep()
	h.Run("--name", "bad", "--privileged", image)
	if err := syscall.Kill(h.DaemonPID(), syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	defer syscall.Kill(h.DaemonPID(), syscall.SIGCONT)
	start := time.Now()
	o := seawall(t, h, "audit", "--host", "unix:///run/docker.sock")
	if took := time.Since(start); took > time.Minute {
		t.Errorf("it took %s", took)
	}
	wantLine(t, o, 3, "docker.sock")
	o = seawall(t, h, "audit")
	if o.code == 0 {
		t.Errorf("an audit that saw nothing ends with 0:\n%s", o.stdout)
	}
}

// TestEngineIsSlow: an engine whose daemon runs is waited for.
func TestEngineIsSlow(t *testing.T) {
	h := newHost(t, lab.Options{Version: lab.V26})
	h.Run("--name", "bad", "--privileged", h.ImportSleep())
	if err := syscall.Kill(h.DaemonPID(), syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	awake := time.AfterFunc(3*time.Second, func() { _ = syscall.Kill(h.DaemonPID(), syscall.SIGCONT) })
	defer awake.Stop()
	wantFail(t, audit(t, h), "container-privileged", "bad")
}

// TestBrokenConfiguration: the daemon's configuration file was broken after it
// had started; the finding says where.
func TestBrokenConfiguration(t *testing.T) {
	h := newHost(t, lab.Options{Version: lab.V28, DaemonJSON: `{"icc": false}`})
	h.WriteFile("/etc/docker/daemon.json", "{\n  \"icc\": false,\n  \"live-restore\" true\n}\n", 0o644)
	r := audit(t, h)
	wantFail(t, r, "engine-config-invalid", "unix:///run/docker.sock")
	for _, x := range r.Results {
		if x.Rule == "engine-config-invalid" && !strings.Contains(x.Message, "line 3") {
			t.Errorf("message %q does not name the line", x.Message)
		}
	}
}
