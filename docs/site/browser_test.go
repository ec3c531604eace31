package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"seawall/rules"
)

// browser is Chromium with the site.
type browser struct {
	context.Context
	t   *testing.T
	dir string

	mu     sync.Mutex
	faults []string // requests for other things than files of the site, and what is on the console
}

// start starts Chromium, which comes with scripts/setup-lab.sh.
func start(t *testing.T) *browser {
	t.Helper()
	if _, err := exec.LookPath("chromium"); err != nil {
		system, _ := os.ReadFile("/etc/os-release")
		if os.Getenv("CI") == "true" && !strings.Contains(string(system), "ID=ubuntu") {
			t.Fatal("chromium is missing: scripts/setup-lab.sh installs it")
		}
		t.Skip("NOT RUN: chromium is missing; Ubuntu has no package of it")
	}
	dir, err := built()
	if err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath("chromium"), chromedp.NoSandbox, chromedp.DisableGPU)
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	b := &browser{Context: ctx, t: t, dir: dir}
	b.do(chromedp.Navigate("about:blank"))
	if err := chromedp.Listen(ctx, b.note); err != nil {
		t.Fatal(err)
	}
	send(b, network.Enable, network.EnableParams{})
	send(b, cdplog.Enable, cdp.Empty{})
	return b
}

func (b *browser) note(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if file, _, _ := strings.Cut(e.Request.URL, "?"); !strings.HasPrefix(file, "file://"+b.dir) || !strings.HasSuffix(file, ".html") {
			b.faults = append(b.faults, "asks for "+e.Request.URL)
		}
	case *runtime.EventConsoleAPICalled:
		b.faults = append(b.faults, string(e.Type))
	case *runtime.EventExceptionThrown:
		b.faults = append(b.faults, e.ExceptionDetails.Text)
	case *cdplog.EventEntryAdded:
		b.faults = append(b.faults, e.Entry.Text)
	}
}

// quiet fails if a page asked for anything else, or something went wrong in it.
func (b *browser) quiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.faults) > 0 {
		b.t.Errorf("%q", b.faults)
	}
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b, steps...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *browser) open(page string) {
	b.t.Helper()
	b.do(chromedp.Navigate("file://" + filepath.Join(b.dir, page)))
}

// arrive waits until another page is there. While one goes and the other comes, neither
// answers.
func (b *browser) arrive(page string) {
	b.t.Helper()
	there := fmt.Sprintf("location.pathname.endsWith(%q) && document.readyState === 'complete'", page)
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if is, err := chromedp.Run(b, chromedp.Evaluate[bool](there)); err == nil && is {
			return
		}
	}
	b.t.Fatalf("%s does not open", page)
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

const shownRows = "[...document.querySelectorAll('[data-words]')].filter(e => e.checkVisibility()).length"

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
	b := start(t)
	b.open("steps.html")
	b.do(chromedp.SendKeys(chromedp.CSS("#q"), "socket T1611\r"))
	b.arrive("/rules/index.html")
	if got := value[int](b, shownRows); got != want {
		t.Errorf("%d rules are shown, want %d", got, want)
	}
	if said := value[string](b, "document.querySelector('#found').textContent"); said != fmt.Sprintf("%d of %d rules match “socket T1611”.", want, all) {
		t.Errorf("the page says %q", said)
	}
	if n := value[int](b, "[...document.querySelectorAll('main h2')].filter(e => e.checkVisibility() && !e.nextElementSibling.checkVisibility()).length"); n > 0 {
		t.Errorf("%d headings have nothing below them", n)
	}
	if got := value[int](b, "(q => { q.value = ''; q.dispatchEvent(new Event('input')); return "+shownRows+" })(document.querySelector('#q'))"); got != all {
		t.Errorf("%d rules are shown without words, want %d", got, all)
	}
	b.quiet()
}

// TestNarrow: on a narrow screen the text fits, whatever is wider scrolls by itself, and
// nothing is too small to hit.
func TestNarrow(t *testing.T) {
	b := start(t)
	send(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: 400, Height: 800, DeviceScaleFactor: 1})
	for _, page := range []string{"index.html", "using.html", "guide.html", "cis.html", "peers.html", "snapshot.html", "facts.html", "steps.html", "schema/paths-1.html",
		"rules/index.html", "rules/container-privileged.html", "rules/engine-containerd-shim-runc-v2-not-audited.html"} {
		b.open(page)
		if wide := value[int](b, "document.documentElement.scrollWidth"); wide > 400 {
			t.Errorf("%s is %d pixels wide", page, wide)
		}
		if n := value[int](b, "[...document.querySelectorAll('nav a, button, input')].filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 24).length"); n > 0 {
			t.Errorf("%s: %d targets are lower than 24 pixels", page, n)
		}
	}
	b.quiet()
}
