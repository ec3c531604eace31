package prove

import (
	"errors"
	"net/netip"
	"os"

	"seawall/lang"
	"seawall/source/netstack"
	"seawall/source/probe"
	"seawall/source/procfs"
)

// addresses answers all requests of addresses together, each tried in the network
// namespace of its process; an account's is that of the host.
func (r *runner) addresses(requests []Request, out []Outcome) {
	var jobs []probe.Job
	var places []int
	for i, q := range requests {
		if q.Kind != Address {
			continue
		}
		job, closeJob, err := r.job(q)
		if err != nil {
			out[i] = untried(err)
			continue
		}
		defer closeJob()
		jobs, places = append(jobs, job), append(places, i)
	}
	for i, outcomes := range probe.Run(r.ctx, jobs, probe.Options{Allowed: r.Allowed}) {
		out[places[i]] = opened(requests[places[i]], outcomes[0])
	}
}

// job opens the namespace that a connection is tried in.
func (r *runner) job(q Request) (job probe.Job, closeJob func(), err error) {
	if !r.Connect {
		return job, nil, errors.New(lang.N("a connection is tried with --prove=connect only"))
	}
	to, err := netip.ParseAddrPort(q.Name)
	if err != nil {
		return job, nil, err
	}
	pid := q.PID
	switch {
	case q.OnHost && r.Machine.Root == "/":
		pid = os.Getpid()
	case q.OnHost:
		pid = 1
	}
	if pid == 0 {
		return job, nil, errors.New(lang.N("it takes somebody on another machine, or a process that is not known here"))
	}
	dir, err := procfs.OpenDir(r.Machine.Proc, pid)
	if err != nil {
		return job, nil, err
	}
	space, err := netstack.Open(dir)
	if err != nil {
		dir.Close()
		return job, nil, err
	}
	if err := (&process{dir: dir}).same(q); err != nil {
		return job, nil, errors.Join(err, space.Close(), dir.Close())
	}
	target := probe.Target{AddrPort: to, API: q.API}
	return probe.Job{Namespace: space, Targets: []probe.Target{target}}, func() { space.Close(); dir.Close() }, nil
}

// opened puts the outcome of a connection into words.
func opened(q Request, o probe.Outcome) Outcome {
	tried := lang.Recordf("connect(%s) in the network of %s", q.Name, q.who())
	found := string(o.State)
	if o.Why != "" {
		found += ": " + o.Why
	}
	switch {
	case o.State == probe.NotTried, o.Service == probe.Silent:
		return Outcome{State: Untried, Tried: tried, Found: found}
	case o.State != probe.Opened, o.Service == probe.Other:
		return sure(false, tried, found)
	case o.Service == probe.TLS:
		return sure(true, tried, lang.N("opened; it asks for TLS, and who answers is not asked further"))
	case o.Service == probe.Engine:
		return sure(true, tried, lang.N("opened; the Engine API answers"))
	}
	return sure(true, tried, found)
}
