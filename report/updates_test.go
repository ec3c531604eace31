package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"seawall/currency"
	"seawall/currency/known"
	"seawall/report"
	"seawall/snapshot"
	"seawall/trial"
)

// updatesOf is what is said of a host that misses updates.
func updatesOf(t *testing.T, change func(*snapshot.Snapshot)) *report.Updates {
	t.Helper()
	s := trial.Baseline()
	change(s)
	return report.BuildUpdates("test", s, known.BuiltIn(), currency.Judge(s, known.BuiltIn()))
}

func behind(s *snapshot.Snapshot) {
	soft := &s.Host.Software
	s.Engines[0].Version = snapshot.See("28.5.2", s.Engines[0].Version.Origin())
	programs, _ := soft.Programs.Peek()
	for i, p := range programs {
		if pkg, _ := p.Package.Peek(); p.Name == "dockerd" {
			pkg.Version, pkg.SourceVersion = "5:28.5.2-1~debian.13~trixie", "5:28.5.2-1~debian.13~trixie"
			programs[i].Package = snapshot.See(pkg, p.Package.Origin())
		}
	}
	running, _ := soft.Running.Peek()
	running[0].Fate = snapshot.FileReplaced
	soft.RebootRequired = snapshot.See([]string{"linux-image-6.12"}, soft.RebootRequired.Origin())
	soft.Lists = snapshot.See(snapshot.PackageLists{UpdatedAt: s.TakenAt.Add(-240 * time.Hour), Newest: map[string]string{"docker-ce": "5:29.9.0-1~debian.13~trixie"}, Pins: []string{"/etc/apt/preferences"}}, soft.Lists.Origin())
}

func unread(s *snapshot.Snapshot) {
	e := &s.Engines[0]
	e.Version = snapshot.See("28.5.2", e.Version.Origin())
	e.Components = snapshot.See([]snapshot.Component{{Name: "Engine", Version: "28.5.2"}, {Name: "containerd", Version: "1.7.28"}, {Name: "runc", Version: "1.3.3"}}, e.Components.Origin())
	snapshot.Walk(&s.Host, func(_ string, f snapshot.AnyFact) {
		f.Blind(snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "refused", Remedy: "run as root"})
	})
}

func updatesText(t *testing.T, u *report.Updates, style report.Style) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.UpdatesText(&b, u, style); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestUpdatesText(t *testing.T) {
	text := updatesText(t, updatesOf(t, behind), report.Style{})
	for _, want := range []string{
		fmt.Sprintf("Judged by %d advisories, the newest of 2026-10-07, 25 days before this.", len(known.BuiltIn().Advisories)),
		"Engine 28.5.2", "/usr/sbin/dockerd: package docker-ce 5:28.5.2-1~debian.13~trixie of docker.com",
		"Branch 28 is no longer maintained upstream (since 2026-05-13).",
		"BuildKit in the engine 0.25.2", "CVE-2026-17106  high 7.1: ", "not applicable here  CVE-2026-34040: it takes: an authorization plugin",
		"docker-ce 5:28.5.2-1~debian.13~trixie is installed, 5:29.9.0-1~debian.13~trixie is in the lists of 2026-10-22; apt may choose otherwise by /etc/apt/preferences.",
		"packages ask for a restart of the host: linux-image-6.12.", "1 × containerd from /usr/bin/containerd, a file that was replaced meanwhile (process 800).",
		"apt last fetched its lists 10 days ago",
	} {
		if !strings.Contains(strings.Join(strings.Fields(text), " "), strings.Join(strings.Fields(want), " ")) {
			t.Errorf("the text does not say %q:\n%s", want, text)
		}
	}
	verbose := updatesText(t, updatesOf(t, behind), report.Style{Verbose: true})
	for _, a := range known.BuiltIn().Of(known.Engine) {
		if !strings.Contains(verbose, a.ID) {
			t.Errorf("the long text does not tell of %s", a.ID)
		}
	}
	if !strings.Contains(verbose, "seen: Plugins.Authorization = no (GET /info)") {
		t.Error("the long text does not cite what decided")
	}
}

// TestUpdatesUnread: of a host of which nothing could be read, nothing is clear and
// nothing of a package open, and it is said what would help.
func TestUpdatesUnread(t *testing.T) {
	u := updatesOf(t, unread)
	if !u.Partial() {
		t.Error("it counts as complete")
	}
	for _, c := range u.Components {
		if c.Clear || c.Counts[currency.Open] > 0 {
			t.Errorf("%s: clear %v, %d open", c.Component, c.Clear, c.Counts[currency.Open])
		}
	}
	if text := updatesText(t, u, report.Style{}); !strings.Contains(text, "NOT READ") || !strings.Contains(text, "(run as root)") {
		t.Errorf("it is not said what was not read:\n%s", text)
	}
}

func TestUpdatesFit(t *testing.T) {
	for _, width := range []int{70, 80, 120} {
		for _, verbose := range []bool{false, true} {
			for line := range strings.Lines(updatesText(t, updatesOf(t, behind), report.Style{Width: width, Verbose: verbose})) {
				line = strings.TrimRight(line, "\n")
				if utf8.RuneCountInString(line) > width && len(strings.Fields(line)) > 2 {
					t.Errorf("width %d: %q", width, line)
				}
			}
		}
	}
}

func TestUpdatesJSONMatchesSchema(t *testing.T) {
	schema := compile(t, "..", "docs", "schema", "updates-1.json")
	for _, change := range []func(*snapshot.Snapshot){behind, unread, func(*snapshot.Snapshot) {}, func(s *snapshot.Snapshot) { *s = snapshot.Snapshot{} }} {
		first := updatesJSON(t, updatesOf(t, change))
		validate(t, schema, first)
		if updatesJSON(t, updatesOf(t, change)) != first {
			t.Error("two answers from one snapshot differ")
		}
	}
}

func updatesJSON(t *testing.T, u *report.Updates) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.UpdatesJSON(&b, u); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestDataAge: what is said of data by its age, and how newer data is got.
func TestDataAge(t *testing.T) {
	for days, want := range map[int]string{
		29: "29 days before this. Engine",
		54: "54 days before this. What became known since is not among them: newer ones come with seawall data update, or with a newer Seawall. Engine",
		91: "91 days before this. That is too old: where nothing is open by it, nothing can be said. Newer ones come with seawall data update, or with a newer Seawall. Engine",
	} {
		day, _ := known.FirstDay(known.BuiltIn().AsOf)
		text := updatesText(t, updatesOf(t, func(s *snapshot.Snapshot) { s.TakenAt = day.AddDate(0, 0, days).Add(6 * time.Hour) }), report.Style{})
		if text = strings.Join(strings.Fields(text), " "); !strings.Contains(text, want) {
			t.Errorf("after %d days the text does not say %q:\n%.400s", days, want, text)
		}
		if days > 90 == strings.Contains(text, "nothing known is open") {
			t.Errorf("after %d days: is something called clear? %s", days, text)
		}
	}
}
