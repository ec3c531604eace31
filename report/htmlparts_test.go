package report_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"seawall/attack"
	"seawall/attack/steps"
	"seawall/currency"
	"seawall/currency/known"
	"seawall/lab/recorded"
	"seawall/reach/matrix"
	"seawall/report"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// full is a report with all that a page shows.
func full(t testing.TB, ex rule.Example) *report.Report {
	t.Helper()
	r := wholeReport(t, ex)
	data := known.BuiltIn()
	r.Updates = report.BuildUpdates("test", r.Snapshot, data, currency.Judge(r.Snapshot, data))
	r.Reach = report.BuildReach("test", r.Snapshot, matrix.NewPlan(r.Snapshot, matrix.Everything).Matrix(), "", "", false)
	return r
}

func lacks(t *testing.T, page string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// TestHTMLCapabilities: what is held, what was seen in use, what was watched and not used, and
// what was not seen differ, in shape and in words.
func TestHTMLCapabilities(t *testing.T) {
	page := write(t, "html", full(t, rule.Example{
		Run: "docker run --name used --cap-add SYS_ADMIN a\ndocker run --name plain a\ndocker run --name dark a",
		Facts: func(s *snapshot.Snapshot) {
			list, _ := s.Engines[0].Containers.Peek()
			list[0].Observed = snapshot.See(snapshot.Observed{Used: snapshot.Caps("SYS_ADMIN"), Enough: snapshot.See("high", snapshot.At("enough", "o.json"))}, snapshot.At("observed", "o.json"))
			dark := snapshot.Gap{Reason: snapshot.ReasonPermission}
			list[2].CapAdd.Blind(dark)
			list[2].CapDrop.Blind(dark)
			list[2].Privileged.Blind(dark)
			list[2].Process.Blind(dark)
		},
	}))
	row := func(name string) string {
		found := regexp.MustCompile(`(?s)<table class="heat">.*?<tr>(<th scope="row">` + name + `.*?)</tr>`).FindStringSubmatch(page)
		if found == nil {
			t.Fatalf("no row of %s", name)
		}
		return found[1]
	}
	for name, classes := range map[string][]string{"used": {"used", "unused"}, "plain": {"granted", "not-held"}, "dark": {"open"}} {
		for _, class := range classes {
			if !strings.Contains(row(name), `<td class="`+class+`">`) {
				t.Errorf("the row of %s has no %s: %s", name, class, row(name))
			}
		}
	}
	lacks(t, page, `<th scope="col" class="added"><span>SYS_ADMIN +</span>`, "held and seen in use")
}

// TestHTMLDates: certificates and support are set against the time of the snapshot.
func TestHTMLDates(t *testing.T) {
	page := write(t, "html", full(t, rule.Example{Run: "docker run --name web web:1", Facts: func(s *snapshot.Snapshot) {
		s.Engines[0].Daemon.RegistryFiles = snapshot.See([]snapshot.RegistryFile{
			{Registry: "old.example", Path: "/etc/docker/certs.d/old.example/ca.crt", Certificates: []snapshot.Certificate{{Subject: "CN=old", NotAfter: s.TakenAt.Add(-48 * time.Hour)}}},
			{Registry: "soon.example", Path: "/etc/docker/certs.d/soon.example/ca.crt", Certificates: []snapshot.Certificate{{Subject: "CN=soon", NotAfter: s.TakenAt.Add(5*24*time.Hour + time.Minute)}}},
		}, s.Engines[0].Daemon.RegistryFiles.Origin())
	}}))
	lacks(t, page, `id="dates"`, "registry old.example: CN=old", "ended 2 days before the audit", "5 days left", "2026-10-30", "Debian")
}

// TestHTMLReach: the matrix is there, and a container's part says who reaches it.
func TestHTMLReach(t *testing.T) {
	s := recorded.Snapshot(t, shopFile)
	r := report.Build("test", "default", s, nil, nil, nil)
	r.Snapshot, r.Reach = s, report.BuildReach("test", s, matrix.NewPlan(s, matrix.Everything).Matrix(), "", "", false)
	page := write(t, "html", r)
	lacks(t, page, `id="reach"`, `<table class="matrix">`, `id="reach-1"`, "<dt>who reaches it</dt>", "<li>published web 8080-&gt;80/tcp: reached from ")
	r.Reach, r.ReachSize = nil, 1_000_000
	page = write(t, "html", r)
	lacks(t, page, "Who reaches what has 1000000 cells")
	if strings.Contains(page, `id="reach"`) {
		t.Error("there is a matrix though none was worked out")
	}
}

// TestHTMLUpdates: what is installed, what is newest, and by what that is judged.
func TestHTMLUpdates(t *testing.T) {
	page := write(t, "html", full(t, rule.Example{Run: "docker run --name web web:1"}))
	lacks(t, page, `id="updates"`, "Judged by ", `<th scope="row">Engine</th>`, `<th scope="row">Kernel</th>`)
}

// TestHTMLFacts: evidence names the place of its fact in the snapshot, as jq takes it.
func TestHTMLFacts(t *testing.T) {
	page := write(t, "html", full(t, rule.Example{Run: "docker run --name other a\ndocker run --name web --privileged web:1"}))
	lacks(t, page, "HostConfig.Privileged = true</code>", ".engines[0].containers.value[1].privileged</code>")
}

// TestHTMLVerdict: the first sentence is true of each host.
func TestHTMLVerdict(t *testing.T) {
	for name, c := range map[string]struct {
		ex   rule.Example
		keep func(attack.Change) bool
		want string
	}{
		"one change":  {ex: rule.Example{Run: unsafe}, want: `\d+ changes? closes? every known path to root on this host`},
		"nothing":     {ex: rule.Example{}, want: "No attack path is known on this host\\."},
		"not all":     {ex: rule.Example{Run: unsafe}, keep: func(attack.Change) bool { return true }, want: "No set of changes closes every known .*path.* on this host: one stays"},
		"not seen":    {ex: rule.Example{Run: "docker run --name web --user 7 --cap-drop ALL web:1", Facts: blindPrivileged}, want: "No certain attack path is known on this host; between \\d+ pairs? of entry and target there is one if"},
		"unread list": {ex: rule.Example{Facts: example.Engine(func(e *snapshot.Engine) { e.Containers.Blind(snapshot.Gap{Reason: snapshot.ReasonPermission}) })}, want: "In what could be read, no attack path was found on this host\\."},
	} {
		r := wholeReport(t, c.ex)
		if c.keep != nil {
			r.Paths = pathsOf(t, c.ex, steps.All(), attack.Question{Keep: c.keep})
		}
		page := write(t, "html", r)
		first := regexp.MustCompile(`(?s)<ul class="statements">\s*<li[^>]*>(.*?)</li>`).FindStringSubmatch(page)
		if first == nil || !regexp.MustCompile(c.want).MatchString(first[1]) {
			t.Errorf("%s: %q, want %s", name, first, c.want)
		}
	}
}

func blindPrivileged(s *snapshot.Snapshot) {
	list, _ := s.Engines[0].Containers.Peek()
	list[0].Privileged.Blind(snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "not permitted"})
	list[0].Process.Blind(snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "not permitted"})
}
