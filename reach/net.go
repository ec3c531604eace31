package reach

import (
	"maps"
	"net/netip"

	"seawall/lang"
	"seawall/snapshot"
)

// World is the network namespaces of a host that runs containers.
type World struct {
	// Host is the namespace of the engine.
	Host Space
	// Containers are those of the containers. Some may share one, also that of
	// the host.
	Containers []Space
}

// Space is a network namespace by the name of who is in it, which nobody else
// in the world has.
type Space struct {
	Name  string
	Stack snapshot.Fact[snapshot.NetStack]
}

// Net is a world, ready to be asked. Learn and Questions change it; otherwise
// it may be used by several goroutines at once.
type Net struct {
	host   *space
	byName map[string]*space
	spaces map[uint64]*space // by the number of the namespace
	likes  *likes
}

// question is what a route is asked for by.
type question struct {
	in                  string
	source, destination netip.Addr // no source: the kernel chooses
	mark                uint32
}

// New prepares a world, with the routes that its namespaces hold.
func New(w World) *Net {
	n := &Net{byName: map[string]*space{}, spaces: map[uint64]*space{}, likes: &likes{known: map[likeness]senders{}}}
	n.host = n.add(w.Host)
	n.byName[w.Host.Name] = n.host
	for _, s := range w.Containers {
		n.byName[s.Name] = n.add(s)
	}
	for _, s := range n.spaces {
		n.findPorts(s)
	}
	return n
}

// Changed is the world with some of its namespaces replaced. Their interfaces and
// addresses must be as they were; what is learnt of routes is learnt of both.
func (n *Net) Changed(spaces ...Space) *Net {
	out := &Net{host: n.host, byName: maps.Clone(n.byName), spaces: maps.Clone(n.spaces), likes: n.likes}
	for _, s := range spaces {
		was, stack := n.byName[s.Name], snapshot.NetStack{}
		if was != nil && was.gap == "" {
			stack, _ = s.Stack.Peek()
			out.replace(was, was.changed(stack))
		}
	}
	return out
}

func (n *Net) replace(was, is *space) {
	for name, s := range n.byName {
		if s == was {
			n.byName[name] = is
		}
	}
	if n.host == was {
		n.host = is
	}
	n.spaces[is.stack.Namespace] = is
}

func (n *Net) add(s Space) *space {
	stack, ok := s.Stack.Peek()
	if !ok || s.Stack.State() == snapshot.Absent {
		return &space{name: s.Name, gap: words(lang.Sprintf("the network of %s", s.Name), s.Stack.Gap())}
	}
	known := n.spaces[stack.Namespace]
	if known == nil {
		known = newSpace(s.Name, stack)
		n.spaces[stack.Namespace] = known
	}
	n.Learn(stack.Namespace, stack.Routes)
	return known
}

// words says why something is not known.
func words(what string, g snapshot.Gap) string {
	if g.Detail == "" {
		return lang.Sprintf("%s could not be read", what)
	}
	return lang.Sprintf("%s could not be read: %s", what, lang.Reword(g.Detail))
}

// Learn adds the kernel's answers for a namespace.
func (n *Net) Learn(namespace uint64, routes []snapshot.NetRoute) {
	s := n.spaces[namespace]
	if s == nil {
		return
	}
	for _, r := range routes {
		destination, err := netip.ParseAddr(r.Destination)
		if err != nil {
			continue
		}
		source, _ := netip.ParseAddr(r.Source) // "": the kernel chooses
		s.routes[question{r.In, source, destination, r.Mark}] = r
	}
}

// Route is the kernel's answer about what is sent from a namespace to an address;
// false where it was not asked.
func (n *Net) Route(name string, to netip.Addr) (snapshot.NetRoute, bool) {
	s := n.byName[name]
	if s == nil {
		return snapshot.NetRoute{}, false
	}
	route, ok := s.routes[question{destination: to}]
	return route, ok
}

// Asked says whether the kernel of a namespace has answered a question.
func (n *Net) Asked(name string, q snapshot.NetRoute) bool {
	s := n.byName[name]
	if s == nil {
		return false
	}
	destination, _ := netip.ParseAddr(q.Destination)
	source, _ := netip.ParseAddr(q.Source) // "": the kernel chooses
	_, ok := s.routes[question{q.In, source, destination, q.Mark}]
	return ok
}
