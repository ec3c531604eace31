package report_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"seawall/lab/browser"
)

// TestBrowserNasty: names run nothing, load nothing, and leave what is around them where it
// is, in every part of the page, whatever they hold.
func TestBrowserNasty(t *testing.T) {
	var short []string
	for _, text := range nasty {
		if len(text) < 1000 {
			short = append(short, text)
		}
	}
	long := strings.Repeat("l", 300)
	for name, text := range map[string]string{"all at once": strings.Join(short, " ") + long, "long": long, "written from the right": "שלום 12 (עולם) "} {
		b := browser.Open(t, outputs(t, strings.ToValidUTF8(text, "\uFFFD"))["html"])
		b.Script("document.querySelectorAll('details').forEach(d => { d.open = true; })")
		if n := browser.Value[int](b, "[...document.querySelectorAll('body *')].filter(e => e.localName === 'img' || e.localName === 'iframe' || [...e.attributes].some(a => a.name.startsWith('on'))).length"); n != 0 {
			t.Errorf("%s: names make %d elements", name, n)
		}
		b.Size(400, 800)
		if wide := browser.Value[int](b, "document.documentElement.scrollWidth"); wide > 400 {
			t.Errorf("%s: the page is %d pixels wide in a window of 400", name, wide)
		}
		b.Size(1280, 900)
		if moved := browser.Value[[]string](b, movedTexts); len(moved) > 0 {
			t.Errorf("%s: what comes after a name does not stand after it: %q", name, moved[:min(3, len(moved))])
		}
		b.Do(chromedp.SendKeys(chromedp.CSS("#filter"), "zqbad"))
		if b.Visible(".cause") == 0 {
			t.Errorf("%s: the filter finds no name", name)
		}
		b.Quiet()
	}
}

// movedTexts are the findings whose message does not stand right of the names that it is
// about, where both are on one line.
const movedTexts = `(() => {
  const out = [];
  for (const b of document.querySelectorAll('.found > li > b')) {
    const after = document.createRange();
    after.selectNodeContents(b.nextSibling);
    const names = [...b.getClientRects()], rest = [...after.getClientRects()];
    const line = rest.find(r => names.some(n => Math.abs(n.top - r.top) < 4));
    if (line && Math.max(...names.filter(n => Math.abs(n.top - line.top) < 4).map(n => n.right)) > line.left + 2) out.push(b.parentElement.textContent.slice(0, 200));
  }
  return out;
})()`
