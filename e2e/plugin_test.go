package e2e

import (
	"strings"
	"testing"

	"seawall/lab"
)

// TestDockerPlugin runs the program through the Docker CLIs of three releases.
func TestDockerPlugin(t *testing.T) {
	for _, version := range lab.Versions() {
		t.Run(string(version), func(t *testing.T) {
			h := newHost(t, lab.Options{Version: version})
			h.CopyIn(program, "/usr/libexec/docker/cli-plugins/docker-seawall", 0o755)
			image := h.ImportSleep()
			h.Run("--name", "bad", "--privileged", image)

			if out := h.Exec("docker", "--help"); !strings.Contains(out, "Audit Docker Engine") {
				t.Errorf("docker --help does not list it:\n%s", out)
			}
			o := execute(t, h, "docker", "seawall", "audit", "--format", "json")
			if o.code != 1 {
				t.Errorf("exit code %d: %s", o.code, o.stderr)
			}
			o.code = 0
			wantFail(t, parse(t, o), "container-privileged", "bad")
			// The CLI's own flags count.
			o = execute(t, h, "docker", "-H", "unix:///run/none.sock", "seawall", "audit")
			if o.code != 3 || !strings.Contains(o.stderr, "/run/none.sock") {
				t.Errorf("docker -H: exit code %d, %s", o.code, o.stderr)
			}
			if out := h.Exec("docker", "help", "seawall"); !strings.Contains(out, "docker seawall audit") {
				t.Errorf("docker help seawall:\n%s", out)
			}
			if version == lab.V20 {
				return // this CLI does not ask plugins for completions
			}
			if out := h.Exec("docker", "__complete", "seawall", "explain", "container-priv"); !strings.Contains(out, "container-privileged") {
				t.Errorf("completion:\n%s", out)
			}
		})
	}
}
