// Package browser opens pages in a real Chromium, for tests. One browser serves all
// pages of a test program, which ends it with [Stop] in its TestMain.
//
//	b := browser.Open(t, page)
//	b.Press(kb.Tab)
//	if got := browser.Value[string](b, "document.activeElement.id"); got != "filter" { ... }
//	b.Quiet()
//
// Chromium comes with scripts/setup-lab.sh, and so do the fonts that pages are drawn in.
package browser

import (
	"context"
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
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// running is the browser of this program; nil before the first page.
var running struct {
	sync.Mutex
	ctx  context.Context
	stop func()
}

// Stop ends the browser, if one was started.
func Stop() {
	running.Lock()
	defer running.Unlock()
	if running.stop != nil {
		running.stop()
	}
	running.ctx, running.stop = nil, nil
}

// start is the browser's context, which is started with the first call. What decides how
// text is drawn is fixed, so that pictures can be compared.
func start() (context.Context, error) {
	running.Lock()
	defer running.Unlock()
	if running.ctx != nil {
		return running.ctx, nil
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath("chromium"), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(width, height),
		chromedp.Flag("font-render-hinting", "none"), chromedp.Flag("disable-lcd-text", true), chromedp.Flag("disable-font-subpixel-positioning", true),
		chromedp.Flag("lang", "en-US"))
	allocator, free := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, end := chromedp.NewContext(allocator)
	running.stop = func() { end(); free() }
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		running.stop()
		running.stop = nil
		return nil, err
	}
	running.ctx = ctx
	return ctx, nil
}

// The size of a window, unless [Tab.Size] changes it.
const width, height = 1280, 900

// Tab is a page that is open. Its methods fail the test if the browser does not do as told.
type Tab struct {
	ctx context.Context
	t   testing.TB
	own func(url string) bool // the page itself, and what may be opened from it

	mu       sync.Mutex
	requests []string // for anything else
	said     []string // on the console, by exceptions and by the policy
}

// Require skips the test where there is no Chromium to be had, and fails it where there
// should be one: in a pipeline on anything but Ubuntu, which has no package of it.
func Require(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("chromium"); err == nil {
		return
	}
	system, _ := os.ReadFile("/etc/os-release")
	if os.Getenv("CI") == "true" && !strings.Contains(string(system), "ID=ubuntu") {
		t.Fatal("chromium is missing: scripts/setup-lab.sh installs it")
	}
	t.Skip("NOT RUN: chromium is missing; Ubuntu has no package of it")
}

// Open opens a page in a window of its own, once it is set up. The window is closed when
// the test ends.
func Open(t testing.TB, page string, setUp ...func(*Tab)) *Tab {
	t.Helper()
	Require(t)
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	return visit(t, "file://"+file, func(url string) bool { return url == "file://"+file }, setUp)
}

// Visit opens a page of a site that lies in a directory, as Open does. Other pages of the
// site may be opened from it.
func Visit(t testing.TB, dir, page string, setUp ...func(*Tab)) *Tab {
	t.Helper()
	Require(t)
	own := func(url string) bool {
		file, _, _ := strings.Cut(url, "?")
		return strings.HasPrefix(file, "file://"+dir+"/") && strings.HasSuffix(file, ".html")
	}
	return visit(t, "file://"+filepath.Join(dir, page), own, setUp)
}

func visit(t testing.TB, url string, own func(string) bool, setUp []func(*Tab)) *Tab {
	t.Helper()
	parent, err := start()
	if err != nil {
		t.Fatalf("start chromium: %v", err)
	}
	ctx, cancel := chromedp.NewContext(parent, chromedp.WithNewWindow(true))
	t.Cleanup(cancel)
	b := &Tab{ctx: ctx, t: t, own: own}
	b.Do(chromedp.Navigate("about:blank"))
	if err := chromedp.Listen(ctx, b.heard); err != nil {
		t.Fatal(err)
	}
	Send(b, network.Enable, network.EnableParams{})
	Send(b, cdplog.Enable, cdp.Empty{})
	Send(b, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	b.Size(width, height)
	for _, set := range setUp {
		set(b)
	}
	b.Do(chromedp.Navigate(url))
	return b
}

// Arrive waits until the browser shows another page, whose address ends so. While one goes
// and the other comes, neither answers.
func (b *Tab) Arrive(end string) {
	b.t.Helper()
	there := "location.pathname.endsWith(" + quote(end) + ") && document.readyState === 'complete'"
	for late := time.Now().Add(10 * time.Second); time.Now().Before(late); time.Sleep(20 * time.Millisecond) {
		if is, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](there)); err == nil && is {
			return
		}
	}
	b.t.Fatalf("%s does not open", end)
}

// heard keeps what a page must not do.
func (b *Tab) heard(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if !b.own(e.Request.URL) {
			b.requests = append(b.requests, e.Request.URL)
		}
	case *cdppage.EventJavascriptDialogOpening:
		b.said = append(b.said, "dialog: "+e.Message)
	case *runtime.EventConsoleAPICalled:
		b.said = append(b.said, string(e.Type))
	case *runtime.EventExceptionThrown:
		b.said = append(b.said, e.ExceptionDetails.Text)
	case *cdplog.EventEntryAdded:
		b.said = append(b.said, e.Entry.Text)
	}
}

// Quiet fails the test if the page asked for anything, or something went wrong in it.
func (b *Tab) Quiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.requests)+len(b.said) > 0 {
		b.t.Errorf("the page asks for %q, and says %q", b.requests, b.said)
	}
}

// Do makes the steps, one after the other.
func (b *Tab) Do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// Run makes a step that gives something.
func Run[T any](b *Tab, step chromedp.Action[T]) T {
	b.t.Helper()
	out, err := chromedp.Run(b.ctx, step)
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}

// Send sends a command of the DevTools protocol.
func Send[P, R any](b *Tab, command cdp.Command[P, R], params P) R {
	b.t.Helper()
	out, err := chromedp.Call(b.ctx, command, params)
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}

// Value is what an expression is in the page; of a promise, what that becomes.
func Value[T any](b *Tab, expression string) T {
	b.t.Helper()
	out, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%.200s: %v", expression, err)
	}
	return out
}

// Script runs something in the page.
func (b *Tab) Script(code string) { b.t.Helper(); Value[bool](b, code+"; true") }

// Visible is how many elements of a selector can be seen.
func (b *Tab) Visible(selector string) int {
	b.t.Helper()
	return Value[int](b, "[...document.querySelectorAll("+quote(selector)+")].filter(e => e.checkVisibility()).length")
}
