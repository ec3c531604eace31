package report_test

import (
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"seawall/lab/browser"
	"seawall/report"
	"seawall/rule"
)

func TestMain(m *testing.M) {
	code := m.Run()
	browser.Stop()
	os.Exit(code)
}

// shop is a host with paths of several kinds.
func shop(t *testing.T) string { return write(t, "html", shopReport(t)) }

func shopReport(t *testing.T) *report.Report {
	return wholeReport(t, rule.Example{
		Run: "docker run --name ci --privileged ci:1\ndocker run --name proxy -v /var/run/docker.sock:/var/run/docker.sock -p 80:80 proxy:1\n" +
			"docker run --name web --user 7 --read-only --cap-drop ALL --security-opt no-new-privileges web:1",
	})
}

// TestBrowser: the page works by itself: nothing is loaded, and nothing goes wrong; words
// and severities filter, a change that counts as made greys out what it ends, and a link
// opens what is folded.
func TestBrowser(t *testing.T) {
	b := browser.Open(t, shop(t))
	causes := b.Visible(".cause")
	if causes < 5 {
		t.Fatalf("%d causes are shown", causes)
	}
	b.Do(chromedp.SendKeys(chromedp.CSS("#filter"), "privileged"))
	if n := b.Visible(".cause"); n == 0 || n >= causes {
		t.Errorf("%d of %d causes are shown for a word", n, causes)
	}
	if said := browser.Value[string](b, "document.querySelector('#shown').textContent"); !strings.HasSuffix(said, "causes shown") {
		t.Errorf("the filter says %q", said)
	}
	b.Do(chromedp.Clear(chromedp.CSS("#filter")), chromedp.Click(chromedp.CSS(".severity[value=critical]")))
	if n := b.Visible(".cause[data-severity=critical]"); n != 0 {
		t.Errorf("%d critical causes are shown though they are switched off", n)
	}
	if n := b.Visible(".node.gone"); n != 0 {
		t.Errorf("%d places are grey before anything is changed", n)
	}
	b.Script("document.querySelectorAll('[data-change] input').forEach(i => i.click())")
	left := browser.Value[string](b, "document.querySelector('#left').textContent")
	if !strings.HasPrefix(left, "0 of ") {
		t.Errorf("all changes made: %q", left)
	}
	if b.Visible(".node.gone") == 0 {
		t.Error("no place is grey though all changes are made")
	}
	b.Script("document.querySelector('.move').focus()")
	if about := browser.Value[string](b, "document.querySelector('#about-move').textContent"); !strings.Contains(about, "effort") || !strings.Contains(about, "seen: ") {
		t.Errorf("a move in focus says %q", about)
	}
	b.Script("location.hash = '#container-1'")
	if !browser.Run(b, chromedp.Poll[bool]("document.querySelector('#container-1').open")) {
		t.Error("a link to a container opens nothing")
	}
	b.Quiet()
}

// TestBrowserWithoutScript: without a script all is there to read, and nothing that would
// not work.
func TestBrowserWithoutScript(t *testing.T) {
	b := browser.Open(t, shop(t), browser.NoScript)
	text := browser.Run(b, chromedp.TextContent(chromedp.CSS("main")))
	for _, want := range []string{"close every known path to root", "Attack map", "A container is privileged", "What was checked"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if b.Visible(".filter, button, [data-change] input") > 0 {
		t.Error("there is a filter that cannot filter")
	}
	b.Quiet()
}
