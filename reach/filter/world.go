package filter

import (
	"net/netip"
	"slices"
)

// Mark is a mark of a packet or a connection, as far as it is known: the bits
// of Known are those of Value. The zero Mark is not known at all.
type Mark struct{ Value, Known uint32 }

// NoMark is the mark that nobody has set.
var NoMark = Mark{Known: ^uint32(0)}

// set replaces the bits of mask by those of another mark.
func (m Mark) set(by Mark, mask uint32) Mark {
	return Mark{
		Value: m.Value&^mask | by.Value&by.Known&mask,
		Known: m.Known&^mask | by.Known&mask,
	}
}

// tracking is what connection tracking knows of a packet.
type tracking uint8

const (
	ctNew tracking = iota
	ctEstablished
	ctNone      // no connection: its state is "invalid"
	ctUntracked // by a rule
	ctUnknown
)

// state is all that a rule can see of a packet, other than its sender. States
// are compared: what happens next depends on nothing else.
type state struct {
	// in and out are interfaces, inPort and outPort the ports of the bridges that
	// they are; unknownPort where it is not known which.
	in, out, inPort, outPort string
	inBridge, outBridge      bool
	// bridged: it goes from port to port of one bridge and is not routed.
	bridged bool
	// dst is the end that is one address: the packet's destination, in a reply its
	// source.
	dst        netip.AddrPort
	mark, conn Mark
	ct         tracking
	dnat, snat bool
	// src is the source address after translation, carried says that the packet
	// bears it now.
	src     netip.Addr
	carried bool
	// natted: a chain of this hook has translated it. remarked: a chain that routes
	// anew has changed the mark.
	natted, remarked bool
	// local, via: where routing sends it.
	local bool
	via   netip.Addr
	// routed is the way that the router was asked for.
	routed way
}

// way is what routing depends on, and NAT changes.
type way struct {
	to      netip.Addr
	carried bool
}

func (s *state) way() way { return way{s.dst.Addr(), s.carried} }

// unknownPort is no name that an interface can have.
const unknownPort = "/"

// world is a part of the senders, each with each of the ports, with what became
// of their packet. It is never changed once others have seen it.
type world struct {
	state
	sources addrs
	ports   ports
	trail   *trail
	doubts  *doubt
	by      *Step // what accepted it
}

// doubt is a rule that was taken to match though it may not.
type doubt struct {
	step Step
	n    int
	prev *doubt
}

func (w *world) taken() int {
	if w.doubts == nil {
		return 0
	}
	return w.doubts.n
}

// with is the world of a part of its senders.
func (w *world) with(part addrs) *world {
	c := *w
	c.sources = part
	return &c
}

// from is the world of those that send from some ports.
func (w *world) from(some ports) *world {
	c := *w
	c.ports = some
	return &c
}

// doubting is the world in which something uncertain did happen to a part.
func (w *world) doubting(part addrs, s Step) *world {
	c := w.with(part)
	c.doubts = &doubt{s, w.taken() + 1, w.doubts}
	return c
}

// noting adds a step to the trail.
func (w *world) noting(s Step) *world {
	c := *w
	c.trail = &trail{s, w.trail.len() + 1, w.trail}
	return &c
}

// trail is a list of n steps, the last first.
type trail struct {
	step Step
	n    int
	prev *trail
}

func (t *trail) len() int {
	if t == nil {
		return 0
	}
	return t.n
}

func (t *trail) steps() []Step {
	if t == nil {
		return nil
	}
	out := make([]Step, t.n)
	for ; t != nil; t = t.prev {
		out[t.n-1] = t.step
	}
	return out
}

// maxWorlds is how many worlds go on separately before their trails are given
// up for speed, and maxDoubts how many doubtful ones go on at all.
const (
	maxWorlds = 64
	maxDoubts = 512
)

// merge leaves out what a world with fewer doubts and the same state covers:
// the same will happen to it. What it gives up as too much comes second.
func merge(ws []*world) (kept, lost []*world) {
	if len(ws) < 2 {
		return ws, nil
	}
	slices.SortStableFunc(ws, func(a, b *world) int { return a.taken() - b.taken() })
	many := len(ws) > maxWorlds
	alike := map[state][]int{} // in kept
	doubtful := 0
next:
	for _, w := range ws {
		for _, i := range alike[w.state] {
			e := kept[i]
			if w.doubts != nil && w.ports.within(e.ports) {
				_, rest := w.sources.cut(e.sources)
				if len(rest) == 0 {
					continue next
				}
				w = w.with(rest)
			}
			same := e.trail == w.trail && e.doubts == w.doubts || many && e.taken() == w.taken() && e.by == w.by
			switch {
			case same && e.sources.is(w.sources):
				kept[i] = e.from(e.ports.union(w.ports))
				continue next
			case same && many && slices.Equal(e.ports, w.ports):
				kept[i] = e.with(union(e.sources, w.sources))
				continue next
			}
		}
		if w.doubts != nil {
			if doubtful++; doubtful > maxDoubts {
				lost = append(lost, w)
				continue
			}
		}
		alike[w.state] = append(alike[w.state], len(kept))
		kept = append(kept, w)
	}
	return kept, lost
}
