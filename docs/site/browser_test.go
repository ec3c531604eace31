package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"seawall/lab/browser"
	"seawall/rules"
)

// look opens a page of the site in Chromium.
func look(t *testing.T, page string, setUp ...func(*browser.Tab)) *browser.Tab {
	t.Helper()
	dir, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return browser.Visit(t, dir, page, setUp...)
}

// TestSearch: words typed on any page lead to the rules that have all of them, and
// change what is shown there as they are typed.
func TestSearch(t *testing.T) {
	want := 0
	for _, words := range wordsOf(rules.Book().Rules()) {
		if strings.Contains(words, "t1611") && strings.Contains(words, "socket") {
			want++
		}
	}
	all := len(rules.Book().Rules())
	if want == 0 || want == all {
		t.Fatalf("%d rules match: nothing would be tried", want)
	}
	b := look(t, "steps.html")
	b.Do(chromedp.SendKeys(chromedp.CSS("#q"), "socket T1611\r"))
	b.Arrive("/rules/index.html")
	if got := b.Visible("[data-words]"); got != want {
		t.Errorf("%d rules are shown, want %d", got, want)
	}
	if said := browser.Value[string](b, "document.querySelector('#found').textContent"); said != fmt.Sprintf("%d of %d rules match “socket T1611”.", want, all) {
		t.Errorf("the page says %q", said)
	}
	if n := browser.Value[int](b, "[...document.querySelectorAll('main h2')].filter(e => e.checkVisibility() && !e.nextElementSibling.checkVisibility()).length"); n > 0 {
		t.Errorf("%d headings have nothing below them", n)
	}
	b.Script("(q => { q.value = ''; q.dispatchEvent(new Event('input')) })(document.querySelector('#q'))")
	if got := b.Visible("[data-words]"); got != all {
		t.Errorf("%d rules are shown without words, want %d", got, all)
	}
	b.Quiet()
}

// TestWithoutScript: all is there to read, and nothing that would not work.
func TestWithoutScript(t *testing.T) {
	b := look(t, "rules/index.html", browser.NoScript)
	if got, all := b.Visible("[data-words]"), len(rules.Book().Rules()); got != all {
		t.Errorf("%d of %d rules are shown", got, all)
	}
	if text := browser.Value[string](b, "document.querySelector('noscript').textContent"); !strings.Contains(text, "takes the page's script") {
		t.Errorf("without a script it says %q", text)
	}
	if b.Visible(".lines button") > 0 {
		t.Error("there is a button to copy that cannot copy")
	}
	b.Quiet()
}

// kinds are pages of all kinds.
var kinds = []string{"index.html", "using.html", "guide.html", "cis.html", "peers.html", "snapshot.html", "facts.html", "comparison.html", "schema/paths-1.html",
	"adr/index.html", "rules/index.html", "rules/container-privileged.html", "rules/engine-containerd-shim-runc-v2-not-audited.html"}

// TestNarrow: on a narrow screen the text fits, whatever is wider scrolls by itself, and
// nothing is too small to hit.
func TestNarrow(t *testing.T) {
	for _, page := range kinds {
		b := look(t, page, func(b *browser.Tab) { b.Size(400, 800) })
		if wide := browser.Value[int](b, "document.documentElement.scrollWidth"); wide > 400 {
			t.Errorf("%s is %d pixels wide", page, wide)
		}
		if n := browser.Value[int](b, "[...document.querySelectorAll('nav a, button, input, summary')].filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 24).length"); n > 0 {
			t.Errorf("%s: %d targets are lower than 24 pixels", page, n)
		}
		b.Quiet()
	}
}

// TestAxe: axe-core finds no fault, in light and dark colours.
func TestAxe(t *testing.T) {
	for i, page := range kinds {
		b := look(t, page)
		b.Media("screen", "prefers-color-scheme", []string{"light", "dark"}[i%2])
		broken, _ := b.Axe()
		for _, v := range broken {
			t.Errorf("%s: %v", page, v)
		}
	}
}
