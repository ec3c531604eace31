package report_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"seawall/rule"
)

// browser is a page that is open in Chromium.
type browser struct {
	context.Context
	t *testing.T

	mu       sync.Mutex
	requests []string // other than for the page itself
	said     []string // on the console, by exceptions and by the policy
}

// open opens a page, once it is set up. Chromium comes with scripts/setup-lab.sh.
func open(t *testing.T, page string, setUp ...func(*browser)) *browser {
	t.Helper()
	if _, err := exec.LookPath("chromium"); err != nil {
		system, _ := os.ReadFile("/etc/os-release")
		if os.Getenv("CI") == "true" && !strings.Contains(string(system), "ID=ubuntu") {
			t.Fatal("chromium is missing: scripts/setup-lab.sh installs it")
		}
		t.Skip("NOT RUN: chromium is missing; Ubuntu has no package of it")
	}
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath("chromium"), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1280, 900))
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	b := &browser{Context: ctx, t: t}
	b.do(chromedp.Navigate("about:blank"))
	url := "file://" + file
	err := chromedp.Listen(ctx, func(event any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			if e.Request.URL != url {
				b.requests = append(b.requests, e.Request.URL)
			}
		case *runtime.EventConsoleAPICalled:
			b.said = append(b.said, string(e.Type))
		case *runtime.EventExceptionThrown:
			b.said = append(b.said, e.ExceptionDetails.Text)
		case *cdplog.EventEntryAdded:
			b.said = append(b.said, e.Entry.Text)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	send(b, network.Enable, network.EnableParams{})
	send(b, cdplog.Enable, cdp.Empty{})
	for _, set := range setUp {
		set(b)
	}
	b.do(chromedp.Navigate(url))
	return b
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// send sends a command of the DevTools protocol.
func send[P, R any](b *browser, command cdp.Command[P, R], params P) {
	b.t.Helper()
	if _, err := chromedp.Call(b, command, params); err != nil {
		b.t.Fatal(err)
	}
}

// value is what an expression is in the page.
func value[T any](b *browser, expression string) T {
	b.t.Helper()
	out, err := chromedp.Run(b, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return out
}

// script runs something in the page.
func (b *browser) script(code string) { b.t.Helper(); value[bool](b, code+"; true") }

// quiet fails if the page asked for anything, or something went wrong in it.
func (b *browser) quiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.requests)+len(b.said) > 0 {
		b.t.Errorf("the page asks for %q, and says %q", b.requests, b.said)
	}
}

// shop is a host with paths of several kinds.
func shop(t *testing.T) string {
	t.Helper()
	return write(t, "html", wholeReport(t, rule.Example{
		Run: "docker run --name ci --privileged ci:1\ndocker run --name proxy -v /var/run/docker.sock:/var/run/docker.sock -p 80:80 proxy:1\n" +
			"docker run --name web --user 7 --read-only --cap-drop ALL --security-opt no-new-privileges web:1",
	}))
}

const visible = `(s) => [...document.querySelectorAll(s)].filter(e => e.checkVisibility()).length`

// TestBrowser: the page works by itself: nothing is loaded, and nothing goes wrong; words
// and severities filter, a change that counts as made greys out what it ends, and a link
// opens what is folded.
func TestBrowser(t *testing.T) {
	b := open(t, shop(t))
	causes := value[int](b, "("+visible+")('.cause')")
	if causes < 5 {
		t.Fatalf("%d causes are shown", causes)
	}
	b.do(chromedp.SendKeys(chromedp.CSS("#filter"), "privileged"))
	if n := value[int](b, "("+visible+")('.cause')"); n == 0 || n >= causes {
		t.Errorf("%d of %d causes are shown for a word", n, causes)
	}
	if said := value[string](b, "document.querySelector('#shown').textContent"); !strings.HasSuffix(said, "causes shown") {
		t.Errorf("the filter says %q", said)
	}
	b.do(chromedp.Clear(chromedp.CSS("#filter")), chromedp.Click(chromedp.CSS(".severity[value=critical]")))
	if n := value[int](b, "("+visible+")('.cause[data-severity=critical]')"); n != 0 {
		t.Errorf("%d critical causes are shown though they are switched off", n)
	}
	if n := value[int](b, "document.querySelectorAll('.node.gone').length"); n != 0 {
		t.Errorf("%d places are grey before anything is changed", n)
	}
	b.script("document.querySelectorAll('[data-change] input').forEach(i => i.click())")
	left := value[string](b, "document.querySelector('#left').textContent")
	if !strings.HasPrefix(left, "0 of ") {
		t.Errorf("all changes made: %q", left)
	}
	if n := value[int](b, "document.querySelectorAll('.node.gone').length"); n == 0 {
		t.Error("no place is grey though all changes are made")
	}
	b.script("document.querySelector('.move').focus()")
	if about := value[string](b, "document.querySelector('#about-move').textContent"); !strings.Contains(about, "effort") {
		t.Errorf("a move in focus says %q", about)
	}
	b.script("location.hash = '#container-1'")
	if open, err := chromedp.Run(b, chromedp.Poll[bool]("document.querySelector('#container-1').open")); err != nil || !open {
		t.Errorf("a link to a container opens nothing: %v", err)
	}
	b.quiet()
}

// TestBrowserWithoutScript: without a script all is there to read, and nothing that would
// not work.
func TestBrowserWithoutScript(t *testing.T) {
	b := open(t, shop(t), func(b *browser) {
		send(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	})
	text, err := chromedp.Run(b, chromedp.TextContent(chromedp.CSS("main")))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"every known attack path", "Attack map", "A container is privileged", "What was checked"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if value[int](b, "("+visible+")('.filter, button, [data-change] input')") > 0 {
		t.Error("there is a filter that cannot filter")
	}
	b.quiet()
}

// TestBrowserMedia: dark and light have colours of their own with enough contrast, and
// paper has no navigation and all containers.
func TestBrowserMedia(t *testing.T) {
	b := open(t, shop(t))
	colours := map[string]string{}
	for _, name := range []string{"light", "dark"} {
		send(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}})
		colours[name] = value[string](b, "getComputedStyle(document.body).backgroundColor")
		for _, low := range value[[]string](b, lowContrast) {
			t.Errorf("%s: too little contrast: %s", name, low)
		}
	}
	if colours["light"] == colours["dark"] {
		t.Errorf("dark is as light: %v", colours)
	}
	send(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	if n := value[int](b, "("+visible+")('nav, .filter, button')"); n != 0 {
		t.Errorf("%d parts that are of no use on paper are printed", n)
	}
	b.quiet()
}

// lowContrast are texts whose contrast with their ground is below 4.5 (WCAG 2.2, 1.4.3).
const lowContrast = `(() => {
  const rgb = c => (c.match(/[\d.]+/g) || []).map(Number);
  const lum = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
  const ground = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] > 0) return c.slice(0, 3); } return [255, 255, 255]; };
  const out = new Set();
  for (const e of document.querySelectorAll('main *')) {
    if (e.closest('svg') || !e.checkVisibility() || ![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    const a = lum(rgb(getComputedStyle(e).color).slice(0, 3)), b = lum(ground(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) out.add(e.tagName + '.' + e.className + ' ' + ratio.toFixed(2));
  }
  return [...out];
})()`
