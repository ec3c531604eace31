package probe

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"seawall/lang"
	"seawall/source/netstack"
)

// Job is what is tried from one namespace. The namespace must stay open.
type Job struct {
	Namespace *netstack.Namespace
	Targets   []Target
}

// Target is what a connection is opened to.
type Target struct {
	netip.AddrPort
	// From is the address it comes from, one of the namespace; the zero value lets
	// the kernel choose.
	From netip.Addr
	// API: who answers is asked, too.
	API bool
}

// Options say how to probe.
type Options struct {
	// Allowed are the addresses that connections may be opened to; with none,
	// nothing is tried. An IPv4 address is in it as such.
	Allowed map[netip.Addr]bool
	// Timeout is how long a connection may take to open, 300 ms by default. One that
	// takes longer is tried once more in the end, for five times as long.
	Timeout time.Duration
}

const (
	defaultTimeout = 300 * time.Millisecond
	patience       = 5
)

// Run tries all connections and returns what became of them, in the order of jobs
// and targets. When the context ends, what is not decided by then is not tried.
func Run(ctx context.Context, jobs []Job, o Options) [][]Outcome {
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	r := runner{
		ctx: ctx, jobs: jobs, out: make([][]Outcome, len(jobs)),
		sockets: make(chan struct{}, maxSockets()), neighbours: newNeighbours(),
	}
	for i, job := range jobs {
		r.out[i] = make([]Outcome, len(job.Targets))
		for k, t := range job.Targets {
			r.out[i][k] = o.refuse(t)
		}
	}
	r.round("", o.Timeout)
	r.round(TimedOut, patience*o.Timeout)
	r.settle()
	return r.out
}

// refuse is the outcome of a target that is not to be tried.
func (o Options) refuse(t Target) Outcome {
	switch a := t.Addr().Unmap(); {
	case !o.Allowed[a]:
		return notTried(errors.New(lang.N("the address is not one that may be tried")))
	case a.Is6() && a.IsLinkLocalUnicast():
		return notTried(errors.New(lang.N("a link-local address is another on each interface")))
	}
	return Outcome{}
}
