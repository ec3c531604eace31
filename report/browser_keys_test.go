package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"seawall/lab/browser"
)

// TestKeyboard: who has no mouse reaches all that can be used, in the order of the page,
// sees where the focus is, and works it.
func TestKeyboard(t *testing.T) {
	b := browser.Open(t, everything(t))
	want := browser.Value[[]string](b, with("stops().map(name)"))
	var got []string
	for range len(want) + 1 {
		b.Press(kb.Tab)
		at := browser.Value[focused](b, with("focused()"))
		if at.Name == "" {
			break // back at the browser's own controls
		}
		got = append(got, at.Name)
		if !at.Seen || !at.Marked {
			t.Errorf("the focus on %s is in sight: %v, marked: %v", at.Name, at.Seen, at.Marked)
		}
	}
	if len(want) < 30 || !slices.Equal(got, want) {
		t.Errorf("Tab goes through\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for i := range slices.Backward(got[:len(got)-1]) {
		if i < len(got)-5 {
			break
		}
		if i == len(got)-2 {
			b.Press(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)) // from the browser's own controls to the last stop
		}
		b.Press(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift))
		if at := browser.Value[focused](b, with("focused()")); at.Name != want[i] {
			t.Errorf("Tab backwards is at %s, want %s", at.Name, want[i])
		}
	}
	b.Quiet()
}

// TestKeyboardSkips: the first stop leads past the navigation.
func TestKeyboardSkips(t *testing.T) {
	b := browser.Open(t, everything(t))
	b.Press(kb.Tab)
	if at := browser.Value[focused](b, with("focused()")); !at.Seen || !strings.Contains(at.Name, "Skip to the report") {
		t.Fatalf("the first stop is %+v", at)
	}
	b.Press(kb.Enter)
	b.Press(kb.Tab)
	if !browser.Value[bool](b, "document.activeElement === document.querySelector('main').querySelector('a, summary, button, input, [tabindex=\"0\"]')") {
		t.Error("after the link the next stop is not the first of the report")
	}
}

// TestKeyboardWorks: what a mouse can do keys can: read the moves of the map, count a
// change as made, unfold, copy, filter, and end the filter.
func TestKeyboardWorks(t *testing.T) {
	b := browser.Open(t, everything(t))
	text := func(selector string) string {
		return browser.Value[string](b, fmt.Sprintf("document.querySelector(%q).textContent", selector))
	}
	// reach tabs to an element; it does not set the focus.
	reach := func(selector string) {
		t.Helper()
		for range 400 {
			b.Press(kb.Tab)
			if browser.Value[bool](b, fmt.Sprintf("document.activeElement.matches(%q)", selector)) {
				return
			}
		}
		t.Fatalf("no Tab reaches %s", selector)
	}
	reach(".move")
	titles := browser.Value[[]string](b, "[...document.querySelectorAll('.move title')].map(t => t.textContent)")
	for i, title := range titles {
		if said := text("#about-move"); said != title || !strings.Contains(said, "effort") {
			t.Errorf("move %d says %q, want %q", i, said, title)
		}
		b.Press(kb.ArrowRight)
	}
	if said := text("#about-move"); len(titles) < 3 || said != titles[0] {
		t.Errorf("after the last of %d moves comes %q, not the first", len(titles), said)
	}
	b.Press(kb.ArrowLeft)
	if said := text("#about-move"); said != titles[len(titles)-1] {
		t.Errorf("back from the first move is %q, not the last", said)
	}
	b.Press(kb.Home)
	if said := text("#about-move"); said != titles[0] {
		t.Errorf("Home is %q", said)
	}

	reach("[data-change] input")
	b.Press(" ")
	if b.Visible(".gone") == 0 || text("#left") == "" {
		t.Error("Space makes no change count as made")
	}
	b.Press(" ")
	if b.Visible(".gone") != 0 || text("#left") != "" {
		t.Error("a second Space does not take it back")
	}

	reach(".lines button")
	b.Press(kb.Enter)
	if want := text(".lines code"); b.Copied() != want {
		t.Errorf("the button copied something other than %q", want)
	}

	reach("#paths summary")
	was := browser.Value[bool](b, "document.activeElement.parentElement.open")
	b.Press(kb.Enter)
	if browser.Value[bool](b, "document.activeElement.parentElement.open") == was {
		t.Error("Enter folds nothing")
	}

	reach("#filter")
	all := b.Visible(".cause")
	b.Press("privileged")
	if n := b.Visible(".cause"); n == 0 || n >= all || text("#shown") != fmt.Sprintf("%d of %d causes shown", n, all) {
		t.Errorf("%d of %d causes are shown; it says %q", n, all, text("#shown"))
	}
	b.Press(kb.Escape)
	if n := b.Visible(".cause"); n != all {
		t.Errorf("after Escape %d of %d causes are shown", n, all)
	}
	reach(".severity[value=critical]")
	b.Press(" ")
	if n := b.Visible(".cause[data-severity=critical]"); n != 0 {
		t.Errorf("%d critical causes are shown though they are switched off", n)
	}
	b.Quiet()
}

// TestScreenReader: what assistive technology is told: the parts of the page, headings in
// order, and a name for everything that can be used.
func TestScreenReader(t *testing.T) {
	b := browser.Open(t, everything(t))
	tree := browser.Send(b, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	landmarks, regions := map[string]int{}, map[string]bool{}
	level, usable := 0, 0
	for _, n := range tree.Nodes {
		if n.Ignored {
			continue
		}
		role, name := axText(n.Role), axText(n.Name)
		switch role {
		case "banner", "main", "navigation", "contentinfo":
			landmarks[role]++
		case "region":
			if name == "" || regions[name] {
				t.Errorf("a part is called %q, as another or not at all", name)
			}
			regions[name] = true
		case "heading":
			next := axNumber(n, accessibility.PropertyNameLevel)
			if name == "" || next > level+1 || next == 1 && level != 0 {
				t.Errorf("heading %q of level %d comes after one of level %d", name, next, level)
			}
			level = next
		case "link", "button", "checkbox", "searchbox", "DisclosureTriangle", "image", "img", "graphics-symbol":
			usable++
			if strings.TrimSpace(name) == "" {
				html := browser.Send(b, dom.GetOuterHTML, dom.GetOuterHTMLParams{BackendNodeID: n.BackendDOMNodeID})
				t.Errorf("a %s has no name: %.200s", role, html.OuterHTML)
			}
		}
		// What is scrolled alone, as lines to copy, is text and needs no name.
		if axNumber(n, accessibility.PropertyNameFocusable) == 1 && role != "RootWebArea" && role != "generic" && strings.TrimSpace(name) == "" && role != "main" && role != "code" && role != "Pre" {
			t.Errorf("a %s that can have the focus has no name", role)
		}
	}
	for _, role := range []string{"banner", "main", "navigation", "contentinfo"} {
		if landmarks[role] != 1 {
			t.Errorf("there are %d parts of the role %s", landmarks[role], role)
		}
	}
	if usable < 30 || len(regions) < 8 {
		t.Errorf("%d things to use and %d parts are in the tree", usable, len(regions))
	}
}

func axText(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	return strings.Trim(string(v.Value), `"`)
}

// axNumber is a property of a node as a number: 1 for true, 0 if it has none.
func axNumber(n *accessibility.Node, property accessibility.PropertyName) int {
	for _, p := range n.Properties {
		if p.Name == property {
			var out int
			if string(p.Value.Value) == "true" {
				return 1
			}
			_, _ = fmt.Sscan(string(p.Value.Value), &out)
			return out
		}
	}
	return 0
}

// focused is the element that has the focus: whether it is in sight, and marked so that it
// can be told from the same without the focus.
type focused struct {
	Name         string
	Seen, Marked bool
}

// with is an expression that has the helpers.
func with(expression string) string { return "(() => {" + helpers + "return " + expression + "})()" }

// helpers are functions for expressions. A stop is what Tab halts at: of the moves of the
// map, one.
const helpers = `
const name = e => e === document.body || !e ? '' : e.tagName + '.' + (e.getAttribute('class') || '') + ' ' + (e.getAttribute('aria-label') || (e.labels && e.labels[0] || e).textContent).trim().slice(0, 60);
const stops = () => [...document.querySelectorAll('a[href], button, input, summary, [tabindex="0"]')].filter(e => e.checkVisibility());
const focused = () => {
  const e = document.activeElement, box = e.getBoundingClientRect(), s = getComputedStyle(e);
  return {
    name: name(e),
    seen: box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight,
    marked: e.matches(':focus-visible') && s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
  };
};
`
