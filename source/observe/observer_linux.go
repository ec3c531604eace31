//go:build amd64 || arm64

package observe

import (
	"cmp"
	"context"
	"encoding/binary"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/cilium/ebpf/ringbuf"
	"golang.org/x/sys/unix"

	"seawall/lang"
	"seawall/observation"
	"seawall/snapshot"
)

// hold is the least time between two readings, if events come fast.
const hold = 200 * time.Millisecond

// Observer watches until it is closed.
type Observer struct {
	options Options
	kernel  *kernel
	clock   clock
	from    time.Time
	host    observation.Host
	wake    chan struct{} // something began
	reader  sync.WaitGroup

	window window
	mu     sync.Mutex // guards what follows
	runs   map[uint64]*run
	done   map[string]observation.Container // ended runs, by container
	known  map[string]Known
	// started are the containers of mount namespaces that no cgroup names.
	started map[uint64]string
	listed  error // of the last list
	polled  time.Time
	lost    observation.Lost
	events  uint64 // that were lost
	// unnamed counts mount namespaces without a container.
	unnamed int
	ended   bool
}

// Start begins to watch. Its errors are one line and say what is missing.
func Start(ctx context.Context, o Options) (*Observer, error) {
	if o.Interval == 0 {
		o.Interval = time.Second
	}
	host, err := thisHost()
	if err != nil {
		return nil, err
	}
	k, err := open(o)
	if err != nil {
		return nil, err
	}
	boot, err := monotonicZero()
	if err != nil {
		k.close()
		return nil, err
	}
	w := &Observer{
		options: o, kernel: k, clock: clock{boot}, from: time.Now(), host: host, wake: make(chan struct{}, 1),
		runs: map[uint64]*run{}, done: map[string]observation.Container{}, known: map[string]Known{}, started: map[uint64]string{},
	}
	w.polled = w.from
	w.window = window{length: o.SyscallWindow, record: k.record}
	if err := w.window.extend(); err != nil {
		k.close()
		return nil, err
	}
	w.reader.Go(w.readEvents)
	if err := w.poll(ctx); err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

// monotonicZero is when the kernel's monotonic clock was zero.
func monotonicZero() (time.Time, error) {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts); err != nil {
		return time.Time{}, lang.Errorf("read the monotonic clock: %w", err)
	}
	return time.Now().Add(-time.Duration(ts.Nano())), nil
}

func thisHost() (observation.Host, error) {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return observation.Host{}, lang.Errorf("ask for the name of this host: %w", err)
	}
	return observation.Host{Name: unix.ByteSliceToString(u.Nodename[:]), Kernel: unix.ByteSliceToString(u.Release[:]), Machine: unix.ByteSliceToString(u.Machine[:])}, nil
}

// readEvents begins to record system calls as soon as a container is set up, before its
// program starts, and has the counts read soon. Who started without a cgroup to be named
// by is looked at at once: it may not live long.
func (w *Observer) readEvents() {
	var record ringbuf.Record
	for {
		if err := w.kernel.events.ReadInto(&record); err != nil {
			return // closed
		}
		var e kernelEvent
		if _, err := binary.Decode(record.RawSample, binary.NativeEndian, &e); err != nil {
			continue // no event of ours is shorter
		}
		_ = w.window.extend() // it worked before; if it does not now, the time is not counted
		if e.Pid != 0 {
			if id := cmp.Or(idByMounts("/proc", int(e.Pid)), idByShim("/proc", int(e.Parent))); id != "" {
				w.mu.Lock()
				w.started[e.Ns] = id
				w.mu.Unlock()
			}
		}
		select {
		case w.wake <- struct{}{}:
		default:
		}
	}
}

// Run watches until the context ends, and reports what was seen so far at every
// reading and at the end.
func (w *Observer) Run(ctx context.Context, report func(*observation.Observation)) error {
	tick := time.NewTicker(w.options.Interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			w.window.close()
			err := w.poll(context.WithoutCancel(ctx))
			w.mu.Lock()
			w.ended = err == nil
			w.mu.Unlock()
			report(w.Observation())
			return err
		case <-tick.C:
		case <-w.wake:
		}
		if err := w.poll(ctx); err != nil {
			return err
		}
		report(w.Observation())
		if len(w.wake) > 0 {
			select {
			case <-ctx.Done():
			case <-time.After(hold):
			}
		}
	}
}

// Close takes everything out of the kernel.
func (w *Observer) Close() error {
	w.window.close()
	err := w.kernel.close()
	w.reader.Wait()
	return err
}

// Observation is what was seen so far.
func (w *Observer) Observation() *observation.Observation {
	w.mu.Lock()
	defer w.mu.Unlock()
	o := &observation.Observation{
		Format: observation.Format, Tool: w.options.Tool, Host: w.host, Unnamed: w.unnamed, Lost: w.lost,
		Watches: []observation.Watch{{
			From: w.from.UTC().Truncate(time.Millisecond), To: w.polled.UTC().Truncate(time.Millisecond),
			Hook: w.kernel.hook, Syscalls: w.options.SyscallWindow > 0, Ended: w.ended,
		}},
	}
	all := maps.Clone(w.done)
	for _, r := range w.runs {
		if r.id != "" && !r.ignored && r.began() {
			all[r.id] = observation.Join(all[r.id], r.seen)
		}
	}
	nameless := false
	for id, c := range all {
		k := w.known[id]
		c.ID, c.Name, c.Image, c.ImageID, c.Engine, c.Project, c.Service = id, k.Name, k.Image, k.ImageID, k.Engine, k.Project, k.Service
		nameless = nameless || k.Name == ""
		o.Containers = append(o.Containers, c)
	}
	o.Gaps = w.gaps(nameless)
	o.Sort()
	return o
}

func (w *Observer) gaps(nameless bool) []snapshot.Gap {
	var out []snapshot.Gap
	if w.kernel.gap != nil {
		out = append(out, *w.kernel.gap)
	}
	if !w.kernel.files {
		out = append(out, snapshot.Gap{
			Reason: snapshot.ReasonUnsupported, Detail: lang.N("which files containers write is not recorded: the kernel tells of it since Linux 6.13"),
		})
	}
	if nameless {
		g := snapshot.Gap{Reason: snapshot.ReasonVanished, Detail: lang.N("no engine knows the names of some containers: they had ended before it was asked, or are another runtime's")}
		if w.listed != nil {
			g = snapshot.Gap{Reason: snapshot.ReasonFailed, Detail: lang.Recordf("the names of some containers are not known: %s", lang.Untranslated(w.listed))}
		}
		out = append(out, g)
	}
	if w.lost.Any() || w.events > 0 {
		out = append(out, snapshot.Gap{
			Reason: snapshot.ReasonFailed, Detail: lang.N("there was no room for all that happened: what was lost is counted"),
			Remedy: lang.N("watch fewer containers at once: name them"),
		})
	}
	return out
}

// wanted reports whether a container is one of those that were named.
func (w *Observer) wanted(id string) bool {
	if len(w.options.Names) == 0 {
		return true
	}
	k := w.known[id]
	k.ID = id
	return slices.ContainsFunc(w.options.Names, k.Is)
}
