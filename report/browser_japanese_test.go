package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"seawall/lab/browser"
	"seawall/rule"
)

// TestBrowserJapanese: in Japanese the page is as whole as in English: it says its language,
// filters by Japanese words, breaks no rule that axe-core knows, and names on the map stay in
// their boxes.
func TestBrowserJapanese(t *testing.T) {
	inJapanese(t)
	b := browser.Open(t, everything(t))
	if tag := browser.Value[string](b, "document.documentElement.lang"); tag != "ja" {
		t.Errorf("the page says that its language is %q", tag)
	}
	text := browser.Run(b, chromedp.TextContent(chromedp.CSS("body")))
	for _, want := range []string{"概要", "攻撃経路図", "検出事項", "対処:", "確認の範囲"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	all := b.Visible(".cause")
	b.Script("document.querySelector('#filter').value = 'ロードできます'; document.querySelector('#filter').dispatchEvent(new Event('input'))")
	if n := b.Visible(".cause"); n == 0 || n >= all {
		t.Errorf("%d of %d causes are shown for a word", n, all)
	}
	if said := browser.Value[string](b, "document.querySelector('#shown').textContent"); !strings.Contains(said, "件") {
		t.Errorf("the filter says %q", said)
	}
	if out := browser.Value[[]string](b, `[...document.querySelectorAll('.node')].filter(n => n.querySelector('text').getBBox().width + 12 > n.querySelector('rect').getBBox().width).map(n => n.textContent)`); len(out) > 0 {
		t.Errorf("wider than their boxes: %q", out)
	}
	broken, _ := b.Axe()
	for _, v := range broken {
		t.Error(v)
	}
	b.Quiet()
}

// TestBrowserPaper: paper has what the page holds back on a screen, and what a filter hides
// there.
func TestBrowserPaper(t *testing.T) {
	var lines []string
	for i := range 70 {
		lines = append(lines, fmt.Sprintf("docker run --name app-%02d -e PASSWORD_%d=hunter2 example/app:1", i, i))
	}
	b := browser.Open(t, write(t, "html", wholeReport(t, rule.Example{Run: strings.Join(lines, "\n") + "\ndocker run --name ci --privileged ci:1"})))
	b.Do(chromedp.SendKeys(chromedp.CSS("#filter"), "privileged"))
	if b.Visible(".cause") == 0 || browser.Value[int](b, "document.querySelectorAll('noscript.rest').length") == 0 {
		t.Fatal("nothing is held back")
	}
	paper := strings.Join(strings.Fields(b.Paper()), " ")
	if !strings.Contains(paper, "A container may use all memory") {
		t.Error("paper lacks what the filter hides")
	}
	for _, variable := range []string{"PASSWORD_0", "PASSWORD_69"} {
		if !strings.Contains(paper, variable) {
			t.Errorf("paper lacks %s", variable)
		}
	}
	if n := b.Visible(".cause"); n == 0 || n == browser.Value[int](b, "document.querySelectorAll('.cause').length") {
		t.Errorf("after printing, %d causes are shown: the filter is gone", n)
	}
	b.Quiet()
}
