package prove

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"time"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/livehost"
)

// Options say how to look.
type Options struct {
	// Machine is where the host is; this machine if zero.
	Machine livehost.Machine
	// Connect: sockets are connected to.
	Connect bool
	// Allowed are the addresses that may be connected to over TCP.
	Allowed map[netip.Addr]bool
}

// How many children run at a time, and how long one may take.
const (
	maxChildren = 4
	childTime   = 2 * time.Second
)

// Run looks at everything that is asked for, in the order of the requests. It must
// run in a program that calls [Child] where [IsChild] says so.
func Run(ctx context.Context, requests []Request, o Options) []Outcome {
	if o.Machine.Files == nil {
		o.Machine = livehost.ThisMachine()
	}
	r := &runner{ctx: ctx, Options: o, users: sync.OnceValue(func() snapshot.Fact[[]snapshot.User] { return livehost.Users(o.Machine) })}
	out := make([]Outcome, len(requests))
	r.addresses(requests, out)
	slots := make(chan struct{}, maxChildren)
	var all sync.WaitGroup
	for i := range requests {
		if requests[i].Kind == Address {
			continue
		}
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			out[i] = r.look(requests[i])
		})
	}
	all.Wait()
	return out
}

// runner is one call of Run.
type runner struct {
	Options
	ctx   context.Context
	users func() snapshot.Fact[[]snapshot.User]
}

// look answers one request but of an address.
func (r *runner) look(q Request) Outcome {
	if err := r.ctx.Err(); err != nil {
		return untried(err)
	}
	switch q.Kind {
	case Setting:
		return r.setting(q)
	case Group, Sudo, Owner:
		return r.account(q)
	case Read, Write, Socket:
		return r.ask(q)
	}
	p, err := r.process(q)
	if err != nil {
		return untried(err)
	}
	defer p.close()
	test, known := processTests[q.Kind]
	if !known {
		return untried(lang.RecordErrorf("what %q is, is not known", q.Kind))
	}
	o := test(p, q)
	if err := p.same(q); err != nil {
		return untried(err)
	}
	return o
}

// errNoProcess is what a request of a process that was not seen gives.
var errNoProcess = errors.New(lang.N("its process is not known: it does not run, runs elsewhere, or could not be seen"))
