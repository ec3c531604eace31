package matrix

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strconv"

	"seawall/snapshot"
)

// targets are what may be reached: the API of each engine first, then published
// ports, then the containers' own.
func (w *world) targets() []Target {
	var out []Target
	for i := range w.snap.Engines {
		out = append(out, w.apis(&w.snap.Engines[i])...)
	}
	for _, c := range w.containers {
		out = append(out, w.published(c)...)
	}
	out = append(out, w.ports()...)
	return append(out, w.others()...)
}

// apis are the TCP listeners of an engine.
func (w *world) apis(e *snapshot.Engine) []Target {
	listeners, _ := e.Listeners.Peek()
	var out []Target
	for i := range listeners {
		l := &listeners[i]
		at, err := netip.ParseAddrPort(l.Address)
		if l.Network != "tcp" || l.Service != "engine" || err != nil || !e.Local {
			continue
		}
		t := Target{Kind: API, Name: l.Name, Engine: e.Name, Listener: l, Protocol: "tcp", Port: at.Port()}
		w.place(&t, e, at)
		out = append(out, t)
	}
	return out
}

// place finds the namespace that a target is in, by the socket there: that of the
// engine or, for one in front of a rootless engine, that of the machine.
func (w *world) place(t *Target, e *snapshot.Engine, at netip.AddrPort) {
	for _, namespace := range slices.Compact([]uint64{engineSpace(e), w.machine()}) {
		if w.names[namespace] == "" {
			continue
		}
		listeners, _ := w.stacks[namespace].Listeners.Peek()
		for _, l := range listeners {
			if bound, err := netip.ParseAddrPort(l.Address); err == nil && bound == at && l.Protocol == t.Protocol {
				t.space = w.names[namespace]
				t.Addresses = w.addresses(t.space, l)
				return
			}
		}
	}
	t.space = w.names[engineSpace(e)]
	t.Addresses = w.addresses(t.space, snapshot.NetListener{Protocol: t.Protocol, Address: at.String()})
}

// machine is the namespace of the machine; 0 where not known.
func (w *world) machine() uint64 {
	for _, n := range w.snap.Net {
		if n.Host {
			return n.Namespace
		}
	}
	return 0
}

func (w *world) addresses(space string, l snapshot.NetListener) []netip.Addr {
	var out []netip.Addr
	for _, a := range w.net.Addresses(space, l) {
		out = append(out, a.Addr())
	}
	return out
}

// published are the ports that a container publishes, one for each port of the
// host.
func (w *world) published(c container) []Target {
	ports, _ := c.c.Ports.Peek()
	var out []Target
	for i := range ports {
		p := &ports[i]
		port, err := strconv.ParseUint(p.HostPort, 10, 16)
		if err != nil || p.Protocol != "tcp" && p.Protocol != "udp" {
			continue
		}
		t := Target{
			Kind: Published, Name: fmt.Sprintf("%s %s->%d/%s", c.Name, p.HostPort, p.Port, p.Protocol), Engine: c.Engine,
			Members: []Member{c.Member}, Published: p, Protocol: p.Protocol, Port: uint16(port), receiver: w.names[c.namespace],
		}
		w.placePublished(&t, c.engine, p)
		if at := slices.IndexFunc(out, func(o Target) bool { return o.Name == t.Name }); at >= 0 {
			for _, a := range t.Addresses {
				if !slices.Contains(out[at].Addresses, a) {
					out[at].Addresses = append(out[at].Addresses, a)
				}
			}
			continue
		}
		out = append(out, t)
	}
	return out
}

// placePublished finds the namespace that a port is published in: that of the
// engine or, where rootlesskit forwards it, that of the machine.
func (w *world) placePublished(t *Target, e *snapshot.Engine, p *snapshot.Port) {
	namespace := engineSpace(e)
	if rootless, _ := e.Settings.Rootless.Peek(); rootless && w.names[w.machine()] != "" {
		namespace = w.machine()
	}
	t.space = w.names[namespace]
	host := p.HostIP
	if host == "" {
		host = "::" // and of IPv4
	}
	a, err := netip.ParseAddr(host)
	if err != nil {
		return
	}
	if t.receiver == "" {
		t.receiver = t.space // its container was not read: nothing is known to be itself
	}
	t.Addresses = w.addresses(t.space, snapshot.NetListener{Protocol: t.Protocol, Address: netip.AddrPortFrom(a, t.Port).String(), V6Only: p.HostIP == "::"})
}

// ports are what containers that were read listen on at their own addresses.
// Containers that no rule tells apart are one target.
func (w *world) ports() []Target {
	rules, comparable := w.literals()
	known := map[string]int{}
	done := map[uint64]bool{}
	var out []Target
	for _, c := range w.containers {
		if w.names[c.namespace] == "" || w.isHost(c.namespace) || done[c.namespace] {
			continue
		}
		done[c.namespace] = true
		like := w.likeness(c.namespace)
		if comparable && like != "" {
			for _, a := range w.own(c.namespace) {
				like += "\n" + rules.signature(a)
			}
		} else {
			like = ""
		}
		for _, t := range w.portsOf(c) {
			key := fmt.Sprint(like, "\n", t.Protocol, t.Port, len(t.Addresses))
			if at, ok := known[key]; ok && like != "" {
				out[at].Members = append(out[at].Members, c.Member)
				continue
			}
			known[key] = len(out)
			out = append(out, t)
		}
	}
	for i := range out {
		out[i].Name = list(memberNames(out[i].Members)) + " " + itoa(int(out[i].Port)) + "/" + out[i].Protocol
	}
	return out
}

func memberNames(members []Member) []string {
	out := make([]string, len(members))
	for i, m := range members {
		out[i] = m.Name
	}
	return out
}

// literals are the addresses that rules of the machine and of engines speak of.
func (w *world) literals() (all literals, ok bool) {
	ok = true
	for _, namespace := range w.hosts {
		some, readable := literalsOf(w.stacks[namespace])
		all, ok = append(all, some...), ok && readable
	}
	return all, ok
}

// portsOf are the ports at which others may reach a container.
func (w *world) portsOf(c container) []Target {
	listeners, _ := w.stacks[c.namespace].Listeners.Peek()
	var out []Target
	for _, l := range listeners {
		at, err := netip.ParseAddrPort(l.Address)
		if err != nil || at.Addr().IsLoopback() {
			continue
		}
		t := Target{
			Kind: Port, Engine: c.Engine, Members: []Member{c.Member}, Protocol: l.Protocol, Port: at.Port(),
			space: w.names[c.namespace], receiver: w.names[c.namespace],
		}
		for _, a := range w.addresses(t.space, l) {
			if !a.IsLoopback() {
				t.Addresses = append(t.Addresses, a)
			}
		}
		at2 := slices.IndexFunc(out, func(o Target) bool { return o.Protocol == t.Protocol && o.Port == t.Port })
		switch {
		case len(t.Addresses) == 0:
		case at2 >= 0: // one of IPv4, one of IPv6
			out[at2].Addresses = union(out[at2].Addresses, t.Addresses)
		default:
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b Target) int { return cmp.Or(cmp.Compare(a.Protocol, b.Protocol), cmp.Compare(a.Port, b.Port)) })
	return out
}

func union(to, from []netip.Addr) []netip.Addr {
	for _, a := range from {
		if !slices.Contains(to, a) {
			to = append(to, a)
		}
	}
	return to
}
