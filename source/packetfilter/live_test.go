package packetfilter

import (
	"os"
	"os/exec"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/snapshot"
)

// tools are what the live tests need (scripts/setup-lab.sh installs them).
var tools = []string{"unshare", "ip", "iptables-nft-restore", "iptables-legacy-restore", "nft"}

// requireTools skips the test, or fails it when CI=true, unless rules can be
// loaded here.
func requireTools(t testing.TB) {
	t.Helper()
	missing := ""
	if os.Geteuid() != 0 {
		missing = "root"
	}
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			missing = tool
		}
	}
	switch {
	case missing == "":
	case os.Getenv("CI") == "true":
		t.Fatalf("needs %s", missing)
	default:
		t.Skipf("NOT RUN: needs %s", missing)
	}
}

// withoutTexts leaves what rules mean: tools differ in words.
func withoutTexts(f snapshot.PacketFilter) snapshot.PacketFilter {
	for _, t := range f.Tables {
		for _, c := range t.Chains {
			for i := range c.Rules {
				c.Rules[i].Text = ""
				for j, s := range c.Rules[i].Statements {
					if s.Opaque != "" {
						c.Rules[i].Statements[j].Opaque = "…"
					}
				}
			}
		}
	}
	return f
}

// TestLive loads the rules of the recordings in namespaces of this machine:
// reading them gives the same models, and creates no table.
func TestLive(t *testing.T) {
	requireTools(t)
	for name, load := range loads {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := inNamespace(t, load)
			if got.Err != "" {
				t.Fatal(got.Err)
			}
			want, err := replayed(t, "testdata/"+name)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(withoutTexts(want), withoutTexts(got.Model)); diff != "" {
				t.Errorf("(-recorded +live):\n%s", diff)
			}
			if got.Before != got.After {
				t.Errorf("reading made tables of %q from %q", got.After, got.Before)
			}
		})
	}
}

// TestThisMachine reads the namespace of the tests: whatever is there, it is
// read or there is a reason.
func TestThisMachine(t *testing.T) {
	before := tableNames()
	f, err := Read(t.Context(), Exec)
	t.Logf("%d tables, %v", len(f.Tables), err)
	if after := tableNames(); after != before {
		t.Errorf("reading made tables of %q from %q", after, before)
	}
}

// TestRefused: who may not ask is told what it takes.
func TestRefused(t *testing.T) {
	requireTools(t)
	cmd := exec.CommandContext(t.Context(), "unshare", "--net", "setpriv", "--bounding-set", "-all", "--inh-caps", "-all", os.Args[0])
	got := readBy(t, cmd)
	if got.Err != ErrRefused.Error() {
		t.Errorf("without capabilities: %q, want %q", got.Err, ErrRefused)
	}
}
