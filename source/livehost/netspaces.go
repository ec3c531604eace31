package livehost

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"sync"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
	"seawall/source/netstack"
	"seawall/source/packetfilter"
	"seawall/source/procfs"
)

// NetPlan says what to ask of the network namespaces of this machine beyond what
// is there to be read.
type NetPlan interface {
	// Questions are the routes to ask for, by the number of the namespace. It is
	// called again with their answers learnt, until there are none.
	Questions() map[uint64][]snapshot.NetRoute
	// Learn is told the answers.
	Learn(namespace uint64, answers []snapshot.NetRoute)
	// Probes are the connections to try, where that was asked for.
	Probes() []snapshot.NetProbe
}

// maxRounds is how often questions may lead to others. A connection over eight
// namespaces has some three in each.
const maxRounds = 30

// netReader reads network namespaces.
type netReader struct {
	c      *collector
	spaces []*netstack.Namespace
	dirs   []*procfs.Dir
	net    []snapshot.NetSpace
	reads  sync.WaitGroup
}

// startNet begins to read the network namespaces of this machine and of engines,
// while those are asked for the rest.
func (c *collector) startNet(ctx context.Context, engines []found) *netReader {
	r := &netReader{c: c}
	r.addHost()
	for _, f := range engines {
		if f.daemon.pid > 0 {
			r.add(f.daemon.pid)
		}
	}
	if !c.ContainerNets { // else all are read at once, for links between them
		r.reads.Go(func() { r.read(ctx) })
	}
	return r
}

// finish fills in what was read, reads the namespaces of containers where that is
// asked for, and follows the plan.
func (r *netReader) finish(ctx context.Context, s *snapshot.Snapshot) {
	defer r.close()
	r.reads.Wait()
	if s.ContainerNets = r.c.ContainerNets; s.ContainerNets {
		for _, pid := range processesOf(s) {
			r.add(pid)
		}
		r.c.say(lang.N("networks of containers"))
		r.read(ctx)
	}
	s.Net = r.net
	if r.c.Plan == nil {
		return
	}
	plan := r.c.Plan(s)
	r.ask(ctx, plan)
	if r.c.Probe {
		r.c.say(lang.N("connections"))
		s.Probes = r.probe(ctx, s, plan.Probes())
	}
}

// processesOf are the first processes of the containers that run.
func processesOf(s *snapshot.Snapshot) []int {
	var out []int
	for i := range s.Engines {
		containers, _ := s.Engines[i].Containers.Peek()
		for j := range containers {
			if p, ok := containers[j].Process.Peek(); ok && p.PID > 0 {
				out = append(out, p.PID)
			}
		}
	}
	return out
}

// addHost adds the namespace of the machine's first process or, where that may
// not be looked at, of this one. In a container that does not see the machine's
// processes there is none.
func (r *netReader) addHost() {
	v := look(r.c.Machine)
	if v.files != nil && !initialPIDNamespace() {
		return
	}
	candidates := []int{1, selfPID(v.m)}
	switch {
	case v.first != "1":
		candidates = []int{viewerPID(v.m)}
	case v.files != nil:
		candidates = candidates[:1]
	}
	for _, pid := range candidates {
		if r.add(pid) {
			r.net[0].Host = true
			return
		}
	}
}

// add adds the namespace of a process, once. Which namespace a process is in that
// may not be looked at is a gap of the process.
func (r *netReader) add(pid int) bool {
	dir, err := procfs.OpenDir(r.c.Machine.Proc, pid)
	if err != nil {
		return false
	}
	n, err := netstack.Open(dir)
	if err != nil {
		dir.Close()
		return false
	}
	if slices.ContainsFunc(r.net, func(known snapshot.NetSpace) bool { return known.Namespace == n.Inode() }) {
		n.Close()
		dir.Close()
		return true
	}
	r.dirs, r.spaces = append(r.dirs, dir), append(r.spaces, n)
	r.net = append(r.net, snapshot.NetSpace{Namespace: n.Inode()})
	return true
}

func (r *netReader) close() {
	for i := range r.spaces {
		r.spaces[i].Close()
		r.dirs[i].Close()
	}
}

// read reads the namespaces, all at once: the ends of their links are told by
// each other.
func (r *netReader) read(ctx context.Context) {
	filters := make([]snapshot.Fact[snapshot.PacketFilter], len(r.spaces))
	var all sync.WaitGroup
	for i := range r.spaces {
		all.Go(func() { filters[i] = r.filter(ctx, i) })
	}
	stacks := netstack.Read(ctx, r.spaces)
	all.Wait()
	for i, fact := range stacks {
		r.net[i].Stack = snapshot.Map(fact, func(stack snapshot.NetStack) snapshot.NetStack {
			stack.Filter = filters[i]
			return stack
		})
	}
}

// filter reads the packet filters of a namespace.
func (r *netReader) filter(ctx context.Context, i int) (out snapshot.Fact[snapshot.PacketFilter]) {
	o := snapshot.At("packet filters", r.dirs[i].Where("ns/net"))
	err := r.spaces[i].Enter(ctx, func() error {
		rules, err := packetfilter.Read(ctx, packetfilter.Exec)
		out = snapshot.See(rules, o)
		return err
	})
	if err != nil {
		return snapshot.Lost[snapshot.PacketFilter](filterGap(err), o)
	}
	return out
}

// filterGap is why packet filters could not be read, and what would make them
// readable.
func filterGap(err error) snapshot.Gap {
	g := source.GapFrom(err)
	var missing *packetfilter.MissingError
	switch {
	case errors.As(err, &missing):
		g.Remedy = lang.Recordf("install %s", missing.Package)
	case errors.Is(err, packetfilter.ErrRefused):
		g.Reason, g.Remedy = snapshot.ReasonPermission, lang.N("run as root with the capability NET_ADMIN")
	}
	return g
}

// ask asks the kernels what a plan wants to know, and adds the answers.
func (r *netReader) ask(ctx context.Context, plan NetPlan) {
	for range maxRounds {
		questions := plan.Questions()
		if len(questions) == 0 || ctx.Err() != nil {
			return
		}
		answers := make([][]snapshot.NetRoute, len(r.spaces))
		var all sync.WaitGroup
		for i, n := range r.spaces {
			if list := questions[n.Inode()]; len(list) > 0 {
				all.Go(func() { answers[i] = n.Ask(ctx, asQuestions(list)) })
			}
		}
		all.Wait()
		for i, list := range answers {
			if len(list) > 0 {
				plan.Learn(r.spaces[i].Inode(), list)
				r.net[i].Stack = snapshot.Map(r.net[i].Stack, func(stack snapshot.NetStack) snapshot.NetStack {
					stack.Routes = slices.Concat(stack.Routes, list)
					return stack
				})
			}
		}
	}
}

func asQuestions(list []snapshot.NetRoute) []netstack.Question {
	out := make([]netstack.Question, len(list))
	for i, q := range list {
		out[i] = netstack.Question{In: q.In, Mark: q.Mark, Protocol: q.Protocol, Port: q.Port}
		out[i].Source, _ = netip.ParseAddr(q.Source) // "": the kernel chooses
		out[i].Destination, _ = netip.ParseAddr(q.Destination)
	}
	return out
}
