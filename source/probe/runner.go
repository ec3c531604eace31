package probe

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"seawall/lang"
)

// runner is one call of Run.
type runner struct {
	ctx        context.Context
	jobs       []Job
	out        [][]Outcome
	sockets    chan struct{} // holds what is open
	neighbours *neighbours
	all        sync.WaitGroup
}

// round tries all targets in one state.
func (r *runner) round(in State, timeout time.Duration) {
	for i := range r.jobs {
		var list []int
		for k, o := range r.out[i] {
			if o.State == in {
				list = append(list, k)
			}
		}
		if len(list) > 0 {
			r.all.Go(func() { r.job(i, list, timeout) })
		}
	}
	r.all.Wait()
}

// job tries some targets of one namespace, and returns before they are decided.
func (r *runner) job(i int, list []int, timeout time.Duration) {
	n := r.jobs[i].Namespace
	err := n.Alive()
	if err == nil {
		err = n.Enter(r.ctx, func() error {
			for _, k := range list {
				r.begin(r.jobs[i].Targets[k], &r.out[i][k], timeout)
			}
			return nil
		})
	}
	for _, k := range list {
		if err != nil { // it was not entered
			r.out[i][k] = notTried(err)
		}
	}
}

// begin begins to open a connection from this thread's namespace. Somebody else
// waits for it.
func (r *runner) begin(t Target, out *Outcome, timeout time.Duration) {
	if err := r.acquire(); err != nil {
		*out = notTried(err)
		return
	}
	conn, failed := dial(t)
	if conn == nil {
		<-r.sockets
		*out = failed
		return
	}
	r.all.Go(func() {
		defer func() { conn.Close(); <-r.sockets }()
		*out = await(r.ctx, conn, timeout)
		if t.API && out.State == Opened {
			out.Service, out.Why = ask(r.ctx, conn)
		}
	})
}

// acquire waits until one more connection may be opened.
func (r *runner) acquire() error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	select {
	case r.sockets <- struct{}{}:
	case <-r.ctx.Done():
		return r.ctx.Err()
	}
	if err := r.neighbours.check(); err != nil {
		<-r.sockets
		return err
	}
	return nil
}

// settle takes back what is not known after all.
func (r *runner) settle() {
	overflowed := r.neighbours.overflowed()
	for i, job := range r.jobs {
		err := job.Namespace.Alive()
		for k, o := range r.out[i] {
			switch {
			case o.State == Opened || o.State == NotTried:
			case err != nil:
				r.out[i][k] = notTried(err)
			case o.State == TimedOut && overflowed:
				r.out[i][k] = notTried(errors.New(lang.N("it timed out while the kernel's table of neighbours was full")))
			}
		}
	}
}

// maxSockets is how many connections are open at a time: as many as are usual,
// where the process may open twice as many.
func maxSockets() int {
	const usual = 4096
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return usual / 8
	}
	return int(max(1, min(usual, limit.Cur/2)))
}
