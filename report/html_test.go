package report_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"

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

// TestHTMLHostile: names that an attacker chose are text, in every part.
func TestHTMLHostile(t *testing.T) {
	const run = "docker run --name ci --privileged -v /etc:/host ci:1"
	// elements are the kinds of elements and attributes, and how many scripts there are.
	elements := func(page string) (kinds map[string]bool, scripts int) {
		root, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		kinds = map[string]bool{}
		for n := range root.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			kinds[n.Data] = true
			for _, a := range n.Attr {
				kinds[n.Data+" "+a.Key] = true
			}
			if n.Data == "script" {
				scripts++
			}
		}
		return kinds, scripts
	}
	of := func(text string) string {
		return write(t, "html", wholeReport(t, rule.Example{Run: run, Facts: func(s *snapshot.Snapshot) {
			list, _ := s.Engines[0].Containers.Peek()
			list[0].Name = text
			for _, f := range []*snapshot.Fact[string]{&list[0].Image, &list[0].NetworkMode, &list[0].RestartPolicy} {
				*f = snapshot.See(text, f.Origin())
			}
			mounts, _ := list[0].Mounts.Peek()
			mounts[0].Destination = "/" + text
		}}))
	}
	want, scripts := elements(of("plain"))
	for _, text := range append([]string{"<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "\u202egnp.exe\u2066", "\x1b[31m"}, nasty...) {
		page := of(text)
		got, n := elements(page)
		for kind := range got {
			if !want[kind] {
				t.Errorf("%q makes <%s>", text, kind)
			}
		}
		if n != scripts {
			t.Errorf("%q makes %d scripts, not %d", text, n, scripts)
		}
		if strings.ContainsAny(page, "\x1b\u202e\u2066\u2028") {
			t.Errorf("control characters of %q reach the browser", text)
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
