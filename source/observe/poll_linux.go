//go:build amd64 || arm64

package observe

import (
	"context"
	"time"

	"seawall/observation"
)

// tries is how often it is asked for the container of a mount namespace, and for its name.
const tries = 5

// listTime is how long engines may take to say which containers they have.
const listTime = 3 * time.Second

// run is one run of a container: a mount namespace.
type run struct {
	id      string // of the container; empty while it is not known
	seen    observation.Container
	ignored bool
	asked   int // times that nothing was found
	calls   int // system calls seen so far
	// syscallSeconds is how long system calls were recorded while it ran.
	syscallSeconds float64
}

// began reports whether anything of the container's own was seen; before that there is
// only the runtime.
func (r *run) began() bool {
	return r.seen.Watched.Starts+r.seen.Watched.Joined > 0 || len(r.seen.Capabilities)+len(r.seen.Syscalls) > 0
}

// poll reads the kernel's counts.
func (w *Observer) poll(ctx context.Context) error {
	if err := w.kernel.walk(); err != nil {
		return err
	}
	f, err := w.kernel.read()
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	recorded := w.window.on()
	for ns, raw := range f.containers {
		r := w.runs[ns]
		if r == nil {
			r = &run{}
			w.runs[ns] = r
		}
		if !r.ignored {
			w.identify(r, ns, raw)
		}
	}
	w.list(ctx)
	for ns, raw := range f.containers {
		r := w.runs[ns]
		if !r.ignored {
			w.identify(r, ns, raw)
			w.update(f, ns, now, recorded)
		}
		if err := w.settle(f, ns, raw, now); err != nil {
			return err
		}
	}
	w.lost, w.events, w.polled = f.lost, f.lostEvents, now
	return w.window.expire()
}

// identify finds the container of a mount namespace: the innermost that an engine knows,
// else the innermost.
func (w *Observer) identify(r *run, ns uint64, raw kernelContainer) {
	named := ids(raw)
	for _, id := range named {
		if _, known := w.known[id]; known {
			r.id = id
			return
		}
	}
	switch {
	case r.id != "":
	case len(named) > 0:
		r.id = named[0]
	case w.started[ns] != "":
		r.id = w.started[ns]
	case raw.Pid != 0:
		r.id = idByMounts("/proc", int(raw.Pid))
	}
}

// list asks the engines, if there are containers that they have not named.
func (w *Observer) list(ctx context.Context) {
	if w.options.List == nil {
		return
	}
	ask := false
	for _, r := range w.runs {
		if _, known := w.known[r.id]; r.id != "" && !known && !r.ignored && r.asked < tries {
			ask = true
		}
	}
	if !ask {
		return
	}
	// The end of the watch does not take a container that just ended its name.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), listTime)
	defer cancel()
	containers, err := w.options.List(ctx)
	w.listed = err
	for _, c := range containers {
		w.known[c.ID] = c
	}
}

// update takes over what the maps hold of a run.
func (w *Observer) update(f *frame, ns uint64, now time.Time, recorded bool) {
	r, raw := w.runs[ns], f.containers[ns]
	r.seen = f.container(ns, w.clock)
	from := w.clock.at(max(raw.First, raw.Started))
	if from.Before(w.from) {
		from = w.from
	}
	r.seen.Watched.Seconds = max(0, now.Sub(from)).Truncate(time.Millisecond).Seconds()
	if recorded {
		since := w.polled
		if from.After(since) {
			since = from
		}
		r.syscallSeconds += max(0, now.Sub(since)).Seconds()
	}
	r.seen.Watched.SyscallSeconds = min(r.seen.Watched.Seconds, time.Duration(r.syscallSeconds*float64(time.Second)).Truncate(time.Millisecond).Seconds())
	r.seen.Watched.Execs = int(raw.Execs)
	switch {
	case raw.Started != 0:
		r.seen.Watched.Starts = 1
	case raw.Main != 0:
		r.seen.Watched.Joined = 1
	}
	r.seen.Watched.Looked = r.seen.Watched.Starts + r.seen.Watched.Joined
	if w.kernel.files && raw.Rootfs != 0 {
		r.seen.Watched.Recorded = r.seen.Watched.Starts + r.seen.Watched.Joined
	}
	calls := 0
	for _, s := range r.seen.Syscalls {
		calls += len(s.Names)
	}
	if calls > r.calls {
		r.calls = calls
		_ = w.window.extend()
	}
}

// settle lets go of a run that ended, and of one that is not to be watched.
func (w *Observer) settle(f *frame, ns uint64, raw kernelContainer, now time.Time) error {
	r := w.runs[ns]
	ended := raw.Alive < w.kernel.walked
	_, known := w.known[r.id]
	switch {
	case r.ignored:
	case r.id == "":
		if raw.Main != 0 { // until then the runtime may be at work, however long it takes
			r.asked++
		}
		if r.asked >= tries || ended {
			w.unnamed++
			r.ignored = true
		}
	case !known && w.options.List != nil:
		r.asked++
		r.ignored = (r.asked >= tries || ended) && !w.wanted(r.id)
	default:
		r.ignored = !w.wanted(r.id)
	}
	if ended {
		if !r.ignored && r.began() {
			r.seen.Watched.Ends = 1
			w.done[r.id] = observation.Join(w.done[r.id], r.seen)
		}
		delete(w.runs, ns)
		delete(w.started, ns)
		return w.kernel.forget(f, ns)
	}
	if r.ignored && raw.State == 0 {
		if err := w.kernel.ignore(ns, raw); err != nil {
			return err
		}
		return w.kernel.clear(f, ns)
	}
	return nil
}
