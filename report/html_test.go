package report_test

import (
	"fmt"
	"strings"
	"testing"

	"seawall/attack"
	"seawall/attack/steps"
	"seawall/report"
	"seawall/rule"
	"seawall/rules"
	"seawall/snapshot"
	"seawall/trial"
)

// wholeReport is the report on an example with its snapshot and paths.
func wholeReport(t testing.TB, ex rule.Example) *report.Report {
	t.Helper()
	s, err := trial.Load(ex)
	if err != nil {
		t.Fatal(err)
	}
	profile, err := rule.LookupProfile(rule.DefaultProfile)
	if err != nil {
		t.Fatal(err)
	}
	selected := rules.Book().Select(profile)
	r := report.Build("test", "default", s, selected, rule.Evaluate(s, selected), nil)
	r.Snapshot, r.Paths = s, pathsOf(t, ex, steps.All(), attack.Question{})
	return r
}

// TestHTMLWhole: the page of a host says what matters first, draws the paths, and shows
// how each container is confined.
func TestHTMLWhole(t *testing.T) {
	page := write(t, "html", wholeReport(t, rule.Example{
		Run: "docker run --name ci --privileged ci:1\ndocker run --name web-1 -p 8080:80 --user 7 --read-only --cap-drop ALL web:1\n" +
			"docker run --name web-2 -p 8080:80 --user 7 --read-only --cap-drop ALL web:1",
	}))
	for _, want := range []string{
		"<title>Docker audit of example</title>", " every known path to root on this host", "<h2 id=\"map-h\">Attack map</h2>", "code in container ci",
		`<b>web-1</b> <span class="dim">and 1 alike</span>`, `<td class="bad">yes</td>`, "read-only</td>", `data-severity="critical"`, "container-privileged",
		`"targets":["`, "rules asked of ",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, "<b>web-2</b>") {
		t.Error("a container that is like another has a part of its own")
	}
}

// TestHTMLUnseen: what of a container was not seen is no nothing.
func TestHTMLUnseen(t *testing.T) {
	page := write(t, "html", wholeReport(t, rule.Example{Run: "docker run --name web web:1", Facts: func(s *snapshot.Snapshot) {
		list, _ := s.Engines[0].Containers.Peek()
		snapshot.Walk(&list[0], func(_ string, f snapshot.AnyFact) { f.Blind(snapshot.Gap{Reason: snapshot.ReasonPermission}) })
	}}))
	for _, want := range []string{"<dt>capabilities</dt><dd>?</dd>", "<dt>device</dt><dd><code>?</code>", "<dt>networks</dt><dd><code>?</code>", "<dt>mounts</dt><dd><code>?</code>"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// TestHTMLSize: 300 containers that are all different take less than 2 MB.
func TestHTMLSize(t *testing.T) {
	var lines []string
	for i := range 300 {
		lines = append(lines, fmt.Sprintf("docker run --name app-%d --network net-%d -p %d:80 -v /srv/%d:/data -v logs-%d:/var/log --memory %dm example/app:%d", i, i%7, 9000+i, i, i, 100+i, i))
	}
	page := write(t, "html", wholeReport(t, rule.Example{Run: strings.Join(lines, "\n")}))
	t.Logf("%d bytes", len(page))
	if len(page) > 2<<20 {
		t.Errorf("the page has %d bytes", len(page))
	}
	if strings.Count(page, `<details class="container"`) != 300 {
		t.Error("not every container has a part of its own")
	}
}
