package matrix

import (
	"net/netip"
	"slices"
	"strings"

	"go4.org/netipx"

	"seawall/lang"
	"seawall/reach"
	"seawall/snapshot"
)

// rawState is whether the processes of a container may craft frames.
type rawState int

const (
	rawUnknown rawState = iota
	rawYes
	rawNo
)

// rawOf looks for the capability NET_RAW, which socket(AF_PACKET) takes.
func rawOf(c *snapshot.Container) rawState {
	p, _ := c.Process.Peek()
	caps, ok := p.CapEffective.Peek()
	switch {
	case !ok:
		return rawUnknown
	case caps.Has(snapshot.Caps("NET_RAW")):
		return rawYes
	}
	return rawNo
}

// inside are the machine, engines with a network of their own, and the
// containers.
func (w *world) inside() []Source {
	var out []Source
	for _, namespace := range w.hosts {
		name := w.names[namespace]
		out = append(out, Source{Kind: Host, Name: name, from: []reach.From{{Name: name}}, raw: rawYes})
	}
	kinds := map[string]int{}
	for _, c := range w.containers {
		if at := slices.Index(w.hosts, w.spaceOf(c)); at >= 0 {
			out[at].Members = append(out[at].Members, c.Member)
			continue
		}
		s, key := w.sourceOf(c)
		at, known := kinds[key]
		if !known || key == "" {
			kinds[key] = len(out)
			out = append(out, s)
			continue
		}
		out[at].merge(s)
	}
	for i := range out {
		if out[i].Kind == Containers {
			out[i].finish()
		}
	}
	return out
}

// spaceOf is the namespace of a container: as its process tells or, where that
// was not seen, that of the engine for one that uses the host's network.
func (w *world) spaceOf(c container) uint64 {
	if mode, _ := c.c.NetworkMode.Peek(); c.namespace == 0 && mode == "host" {
		return engineSpace(c.engine)
	}
	return c.namespace
}

// sourceOf is a container as a source of its own, and a text that is the same for
// those that behave alike; "" for one that is like no other.
func (w *world) sourceOf(c container) (Source, string) {
	owner := w.owner(c)
	s := Source{Kind: Containers, Members: []Member{c.Member}, Networks: networksOf(owner.c), raw: rawOf(c.c)}
	entries, addresses, why, beside := w.entries(owner)
	s.crafted, s.why, s.beside, s.Members[0].addresses = entries, why, beside, addresses
	name := w.names[c.namespace]
	if name == "" {
		s.from, s.spaces = entries, []string{""}
		return s, itoa(int(s.raw)) + " " + c.Engine + " " + strings.Join(s.Networks, " ") + " " + why + beside
	}
	s.from, s.spaces, s.why, s.beside = []reach.From{{Name: name}}, []string{name}, "", ""
	s.Members[0].addresses = w.own(c.namespace)
	key := w.likeness(c.namespace)
	if key == "" {
		return s, ""
	}
	return s, itoa(int(s.raw)) + " " + key
}

// owner is the container whose network another one has joined (--network
// container:NAME), which has none of its own; else the container itself.
func (w *world) owner(c container) container {
	mode, _ := c.c.NetworkMode.Peek()
	id, joined := strings.CutPrefix(mode, "container:")
	for _, o := range w.containers {
		if joined && o.Engine == c.Engine && (o.c.ID == id || o.Name == id) {
			return o
		}
	}
	return c
}

// own are the addresses of a namespace but those of loopback.
func (w *world) own(namespace uint64) []netip.Addr {
	var out []netip.Addr
	for _, l := range w.links[namespace] {
		if !l.loopback {
			out = append(out, l.Addr())
		}
	}
	return out
}

func networksOf(c *snapshot.Container) []string {
	endpoints, _ := c.Networks.Peek()
	var out []string
	for _, e := range endpoints {
		out = append(out, e.Network)
	}
	slices.Sort(out)
	return out
}

// entries are what a container is for the engine's namespace: its addresses on
// the bridges of its networks. Why says why there are none, or not all.
func (w *world) entries(c container) (out []reach.From, addresses []netip.Addr, why, beside string) {
	host := engineSpace(c.engine)
	if w.names[host] == "" {
		return nil, nil, lang.T("the network of its engine is not known"), ""
	}
	networks, _ := c.engine.Networks.Peek()
	endpoints, ok := c.c.Networks.Peek()
	if !ok {
		return nil, nil, lang.T("its networks are not known"), ""
	}
	for _, e := range endpoints {
		at := slices.IndexFunc(networks, func(n snapshot.Network) bool { return n.Name == e.Network })
		if at < 0 {
			why = lang.Sprintf("the network %s is not known", e.Network)
			continue
		}
		bridge, known := networks[at].Bridge.Peek()
		switch {
		case networks[at].Driver == "null":
		case bridge == "" && networks[at].Driver == "bridge" && !known:
			why = lang.Sprintf("the bridge of %s is not known", e.Network)
		case bridge == "":
			beside = lang.Sprintf("what %s carries (%s) passes no rule of the host", e.Network, networks[at].Driver)
		default:
			for _, a := range addressesAt(e) {
				addresses = append(addresses, a)
				out = append(out, reach.From{Name: w.names[host], In: bridge, Sources: setOf(a), Sample: a})
			}
		}
	}
	return out, addresses, why, beside
}

func setOf(addresses ...netip.Addr) *netipx.IPSet {
	var b netipx.IPSetBuilder
	for _, a := range addresses {
		b.Add(a)
	}
	set, _ := b.IPSet() // an error is only of addresses that are none
	return set
}

// merge adds a container that behaves alike.
func (s *Source) merge(other Source) {
	s.Members = append(s.Members, other.Members...)
	s.spaces = append(s.spaces, other.spaces...)
	s.crafted = joinEntries(s.crafted, other.crafted)
	if s.spaces[0] == "" {
		s.from = s.crafted
	}
}

// joinEntries adds the addresses on the same bridges, by family.
func joinEntries(to, from []reach.From) []reach.From {
	out := slices.Clone(to)
	for _, f := range from {
		at := slices.IndexFunc(out, func(o reach.From) bool { return o.In == f.In && o.Sample.Is4() == f.Sample.Is4() })
		if at < 0 {
			out = append(out, f)
			continue
		}
		var b netipx.IPSetBuilder
		b.AddSet(out[at].Sources)
		b.AddSet(f.Sources)
		out[at].Sources, _ = b.IPSet() // an error is only of ranges that are none
	}
	return out
}

// finish names a source of containers, and tells the namespaces that are alike.
func (s *Source) finish() {
	names := make([]string, len(s.Members))
	for i, m := range s.Members {
		names[i] = m.Name
	}
	s.Name = list(names)
}
