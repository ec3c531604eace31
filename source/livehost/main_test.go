package livehost

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"seawall/lab"
	"seawall/snapshot"
	"seawall/source/engineapi"
)

// inside is the variable that makes the test binary take a snapshot instead of
// running tests: copied into a mini host, it sees that host as its own. Its
// value is an endpoint, or "all".
const inside = "SEAWALL_TEST_COLLECT"

func TestMain(m *testing.M) {
	if what := os.Getenv(inside); what != "" {
		os.Exit(collectInside(what))
	}
	os.Exit(m.Run())
}

func collectInside(what string) int {
	o := Options{Tool: "test"}
	if what != "all" {
		o.Endpoint = &engineapi.Endpoint{Host: what, FoundBy: "--host", Explicit: true}
	}
	s, err := Collect(context.Background(), o)
	if err == nil {
		err = s.Encode(os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// copyIn puts the test binary into a mini host.
func copyIn(t testing.TB, h *lab.TestHost) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	h.CopyIn(self, "/usr/local/bin/collect", 0o755)
}

// collectAs takes a snapshot inside a mini host. The words come before the
// program: "runuser", "-u", "nobody", "--".
func collectAs(t testing.TB, h *lab.TestHost, what string, words ...string) *snapshot.Snapshot {
	t.Helper()
	cmd := h.Command(t.Context(), append(words, "/usr/local/bin/collect")...)
	cmd.Env = append(cmd.Env, inside+"="+what)
	return decode(t, cmd)
}

func decode(t testing.TB, cmd *exec.Cmd) *snapshot.Snapshot {
	t.Helper()
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		t.Fatalf("collect: %v\n%s", err, errOut.String())
	}
	s, err := snapshot.Decode(&out)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
