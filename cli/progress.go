package cli

import (
	"fmt"
	"os"
	"sync"
	"time"

	"golang.org/x/term"

	"seawall/lang"
)

// progressDelay is how long a command may stay silent.
const progressDelay = time.Second

// progress shows on a terminal what is being done, once that takes longer than
// a second. It writes to stderr and leaves nothing behind.
type progress struct {
	mu      sync.Mutex
	what    string
	out     *os.File
	timer   *time.Timer
	visible bool
}

// startProgress returns a progress line; a quiet or redirected one shows
// nothing.
func (a *app) startProgress() *progress {
	p := &progress{}
	file, ok := a.Stderr.(*os.File)
	if a.quiet || !ok || !term.IsTerminal(int(file.Fd())) {
		return p
	}
	p.out = file
	p.timer = time.AfterFunc(progressDelay, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.out != nil {
			p.visible = true
			p.draw()
		}
	})
	return p
}

// step says what is being done now.
func (p *progress) step(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.what = what
	if p.visible {
		p.draw()
	}
}

func (p *progress) draw() { fmt.Fprintf(p.out, "\r\x1b[K%s …", oneLine(lang.Reword(p.what))) }

// stop removes the line.
func (p *progress) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.timer != nil {
		p.timer.Stop()
	}
	if p.visible {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
	p.out, p.visible = nil, false
}
