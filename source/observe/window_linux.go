//go:build amd64 || arm64

package observe

import (
	"sync"
	"time"
)

// window is the time in which system calls are recorded: from each start of a container,
// and for as long as new ones are seen.
type window struct {
	length time.Duration // 0: never
	record func(on bool) error

	mu     sync.Mutex
	until  time.Time
	open   bool
	closed bool
}

// extend opens the window, or keeps it open for its length.
func (w *window) extend() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.length == 0 || w.closed {
		return nil
	}
	w.until = time.Now().Add(w.length)
	if w.open {
		return nil
	}
	if err := w.record(true); err != nil {
		return err
	}
	w.open = true
	return nil
}

// expire closes a window in which nothing new was seen for its length.
func (w *window) expire() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.open || time.Now().Before(w.until) {
		return nil
	}
	w.open = false
	return w.record(false)
}

// close closes it for good.
func (w *window) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.open {
		w.open = false
		_ = w.record(false) // the descriptor is closed whatever it says
	}
	w.closed = true
}

func (w *window) on() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.open
}
