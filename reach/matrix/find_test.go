package matrix_test

import (
	"slices"
	"strings"
	"testing"

	"seawall/lab/recorded"
	"seawall/reach/matrix"
)

func sources(m *matrix.Matrix) string {
	var out []string
	for _, s := range m.Sources {
		out = append(out, s.Name)
	}
	return strings.Join(out, "; ")
}

func targets(m *matrix.Matrix) string {
	var out []string
	for _, t := range m.Targets {
		out = append(out, t.Name)
	}
	return strings.Join(out, "; ")
}

func TestNarrowSources(t *testing.T) {
	m := matrix.Of(recorded.Snapshot(t, "testdata/shop.json.gz"))
	for name, want := range map[string]string{
		"internet":         "internet at eth0",
		"203.0.113.5":      "internet at eth0",
		"192.0.2.0/24":     "192.0.2.0/24, 2001:db8::/64 at eth0; printer", // a macvlan of eth0
		"2001:db8::/64":    "192.0.2.0/24, 2001:db8::/64 at eth0",
		"192.0.2.77":       "192.0.2.0/24, 2001:db8::/64 at eth0",
		"host":             "this host",
		"192.0.2.10":       "this host",
		"172.17.0.1":       "this host",
		"metrics":          "this host",
		"vault":            "db",
		"web":              "web", // and not the others that are like it
		"app3":             "app3",
		"bridge":           "plain",
		"172.17.0.2":       "plain",
		"internet at eth0": "internet at eth0",
		"api":              "",
		"we":               "",
		"198.51.100.0/24":  "",
	} {
		got := m.Narrow(name, "")
		if sources(got) != want {
			t.Errorf("%s: [%s], want [%s]", name, sources(got), want)
		}
		if len(got.Sources) != len(got.Cells) || len(got.Targets) != len(m.Targets) {
			t.Errorf("%s: %d sources, %d rows, %d targets", name, len(got.Sources), len(got.Cells), len(got.Targets))
		}
	}
	if got := sources(m.Narrow("shop", "")); got != "admin, web; app1, app2, app3 and 1 more" {
		t.Errorf("shop: [%s]", got)
	}
}

func TestNarrowTargets(t *testing.T) {
	m := matrix.Of(recorded.Snapshot(t, "testdata/shop.json.gz"))
	for name, want := range map[string]string{
		"api":                 "tcp://127.0.0.1:2375; tcp://[::]:2376",
		"192.0.2.10:2376":     "tcp://[::]:2376",
		"[2001:db8::10]:2376": "tcp://[::]:2376",
		"web:80":              "web 8080->80/tcp; web 80/tcp",
		"web:8080":            "web 8080->80/tcp",
		"web":                 "web 8080->80/tcp; web 80/tcp",
		"192.0.2.10:8080":     "web 8080->80/tcp",
		"db":                  "db 5432/tcp", // and not any other port of its network
		"vault":               "db 5432/tcp; any other port on the network vault",
		"host":                "tcp://127.0.0.1:2375; tcp://[::]:2376; admin 9000->80/tcp; web 8080->80/tcp; any other port of this host",
		"internet":            "",
		"192.0.2.10:22":       "",
		"web:81":              "",
	} {
		got := m.Narrow("", name)
		if targets(got) != want {
			t.Errorf("%s: [%s], want [%s]", name, targets(got), want)
		}
		for i, row := range got.Cells {
			if len(row) != len(got.Targets) {
				t.Errorf("%s: row %d has %d cells", name, i, len(row))
			}
		}
	}
}

// TestNarrowChangesNoVerdict: a cell says of one container what it said of those
// that are like it.
func TestNarrowChangesNoVerdict(t *testing.T) {
	m := matrix.Of(recorded.Snapshot(t, "testdata/shop.json.gz"))
	for i, s := range m.Sources {
		for _, member := range s.Members {
			got := m.Narrow(member.Name, "")
			for j := range m.Targets {
				if m.Cells[i][j].Verdict != got.Cells[0][j].Verdict {
					t.Errorf("%s → %s: %s, with others %s", member.Name, m.Targets[j].Name, got.Cells[0][j].Verdict, m.Cells[i][j].Verdict)
				}
			}
		}
	}
}

// TestNamesAreKnown: each name that is offered finds something.
func TestNamesAreKnown(t *testing.T) {
	for _, snapshot := range []string{"shop", "plain"} {
		m := matrix.Of(recorded.Snapshot(t, "testdata/"+snapshot+".json.gz"))
		names := m.SourceNames()
		for _, name := range names {
			if len(m.Narrow(name, "").Sources) == 0 {
				t.Errorf("%s: no source is %q", snapshot, name)
			}
		}
		if !slices.Contains(names, "web") || !slices.Contains(names, "192.0.2.0/24") {
			t.Errorf("%s: sources %q", snapshot, names)
		}
		for _, name := range m.TargetNames() {
			if len(m.Narrow("", name).Targets) == 0 {
				t.Errorf("%s: no target is %q", snapshot, name)
			}
		}
	}
}
