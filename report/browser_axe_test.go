package report_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"seawall/compliance"
	"seawall/lab/browser"
	"seawall/report"
	"seawall/rule"
	"seawall/rules"
	"seawall/snapshot"
)

// unsure are the rules of which axe cannot tell by itself on these pages, and why they are
// kept all the same.
var unsure = map[string]string{}

// TestAxe: in every state that a reader may bring it into, the page breaks no rule of WCAG
// 2.2 AA that axe-core knows, and none of its best practices.
func TestAxe(t *testing.T) {
	const unfold = "document.querySelectorAll('details').forEach(d => { d.open = true; })"
	page := everything(t)
	states := []struct {
		name string
		make func(*browser.Tab)
	}{
		{"light", func(b *browser.Tab) { b.Media("screen", "prefers-color-scheme", "light") }},
		{"dark", func(b *browser.Tab) { b.Media("screen", "prefers-color-scheme", "dark") }},
		{"narrow", func(b *browser.Tab) { b.Media(""); b.Size(400, 800) }},
		{"narrow and unfolded", func(b *browser.Tab) { b.Script(unfold) }},
		{"unfolded", func(b *browser.Tab) { b.Size(1280, 900) }},
		{"dark and unfolded", func(b *browser.Tab) { b.Media("screen", "prefers-color-scheme", "dark") }},
		{"changed", func(b *browser.Tab) {
			b.Media("")
			b.Do(chromedp.Click(chromedp.CSS("[data-change] input")), chromedp.Focus(chromedp.CSS(".move")))
		}},
		{"filtered", func(b *browser.Tab) { b.Do(chromedp.SendKeys(chromedp.CSS("#filter"), "privileged")) }},
		{"filtered, and nothing is left", func(b *browser.Tab) { b.Do(chromedp.SendKeys(chromedp.CSS("#filter"), "no such word")) }},
	}
	asked := map[string]bool{}
	b := browser.Open(t, page)
	for _, s := range states {
		s.make(b)
		check(t, b, s.name, asked)
	}
	b.Quiet()
	still := browser.Open(t, page, browser.NoScript)
	check(t, still, "without a script", asked)
	for id := range unsure {
		if !asked[id] {
			t.Errorf("of %s axe is sure on every page: it needs no reason", id)
		}
	}
}

func check(t *testing.T, b *browser.Tab, state string, asked map[string]bool) {
	t.Helper()
	broken, open := b.Axe()
	for _, v := range broken {
		t.Errorf("%s: %s", state, v)
	}
	for _, v := range open {
		asked[v.Rule] = true
		if unsure[v.Rule] == "" {
			t.Errorf("%s: axe cannot tell of %s", state, v)
		}
	}
}

// everything is a page that has all parts: attack map, changes, findings that are new,
// containers, a benchmark, what was not seen and what was accepted.
func everything(t *testing.T) string {
	t.Helper()
	r := everythingReport(t)
	page := write(t, "html", r)
	for _, part := range []string{"map", "changes", "paths", "findings", "containers", "benchmark", "coverage", "waived"} {
		if !strings.Contains(page, `<section id="`+part+`"`) {
			t.Fatalf("the page has no part %s", part)
		}
	}
	if len(r.Gaps) == 0 || len(r.Warnings) == 0 {
		t.Fatal("the page has nothing that was not seen, or no warning")
	}
	return page
}

func everythingReport(t *testing.T) *report.Report {
	t.Helper()
	denied := func(what string) snapshot.Gap {
		return snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "open " + what + ": permission denied", Remedy: "run as root"}
	}
	const ci = "docker run --name ci --privileged ci:1"
	r := wholeReport(t, rule.Example{
		Run: ci + "\ndocker run --name proxy -v /var/run/docker.sock:/var/run/docker.sock -p 80:80 proxy:1\n" +
			"docker run --name web --user 7 --read-only --cap-drop ALL --cap-add NET_BIND_SERVICE --security-opt no-new-privileges web:1\n" +
			"docker run --name cache-1 cache:1\ndocker run --name cache-2 cache:1\ndocker run --name tool --cap-add SYS_MODULE -v /srv:/data:ro tool:1",
		Facts: func(s *snapshot.Snapshot) {
			s.Engines[0].Settings.UserlandProxy.Blind(denied("/etc/docker/daemon.json"))
			list, _ := s.Engines[0].Containers.Peek()
			list[5].Privileged.Blind(denied("/proc/4711/status"))
		},
	})
	waivers, err := rule.ParseWaivers("waivers.yaml", []byte("waivers:\n"+
		"  - {rule: engine-socket-mounted, subject: proxy, reason: asks for names, owner: ops, until: 2026-12-31}\n"+
		"  - {rule: container-privileged, subject: gone, reason: builds images, owner: ops, until: 2026-12-31}\n"), func(string) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	selected := func(profile string) (rule.Profile, []*rule.Rule) {
		p, err := rule.LookupProfile(profile)
		if err != nil {
			t.Fatal(err)
		}
		return p, rules.Book().Select(p)
	}
	_, byDefault := selected(rule.DefaultProfile)
	out := report.Build("test", rule.DefaultProfile, r.Snapshot, byDefault, r.Results, waivers.Apply(r.Results, r.Snapshot.TakenAt))
	cis, asked := selected("cis-1.8")
	out.Compliance = compliance.Set(cis.Benchmark, compliance.Audit{Snapshot: r.Snapshot, Book: rules.Book().Rules(), Asked: asked, Results: rule.Evaluate(r.Snapshot, asked)})
	out.Snapshot, out.Paths = r.Snapshot, r.Paths
	out.CompareWith(wholeReport(t, rule.Example{Run: ci}))
	return out
}
