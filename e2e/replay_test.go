package e2e

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/lab"
)

// TestSnapshotGivesTheSameResults: an audit of a saved snapshot gives byte for
// byte the results of the live audit, in both formats, every time.
func TestSnapshotGivesTheSameResults(t *testing.T) {
	h := newHost(t, lab.Options{Version: lab.V26, DaemonJSON: `{"icc": false}`})
	image := h.ImportSleep()
	h.AddUser("alice", "docker")
	h.Run("--name", "plain", image)
	h.Run("--name", "bad", "--privileged", "-e", "API_TOKEN=x", "-v", "/:/host:ro", "-p", "8080:80", image)

	if o := seawall(t, h, "snapshot", "-o", "/tmp/host.json"); o.code != 0 || o.stdout != "" {
		t.Fatalf("snapshot: %+v", o)
	}
	for _, format := range []string{"json", "text"} {
		live := seawall(t, h, "audit", "--exit-zero", "--verbose", "--format", format)
		first := seawall(t, h, "audit", "--exit-zero", "--verbose", "--format", format, "/tmp/host.json")
		second := seawall(t, h, "audit", "--exit-zero", "--verbose", "--format", format, "/tmp/host.json")
		if first.code != 0 || first.stdout != second.stdout {
			t.Errorf("%s: two audits of one snapshot differ (exit %d: %s)", format, first.code, first.stderr)
		}
		if diff := cmp.Diff(timeless(live.stdout), timeless(first.stdout)); diff != "" {
			t.Errorf("%s: the live audit and that of the snapshot (-live +snapshot):\n%s", format, diff)
		}
	}
}

// timeless takes out the line that says when the facts were read.
func timeless(report string) []string {
	var out []string
	for i, line := range strings.Split(report, "\n") {
		if strings.Contains(line, `"takenAt"`) || i == 0 && strings.Contains(line, " UTC") {
			continue
		}
		out = append(out, line)
	}
	return out
}
