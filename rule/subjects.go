package rule

import (
	"seawall/snapshot"
)

// visit is called once for each subject, with a fresh context for its check.
type visit func(c *Context, subject Subject, check func() Answer)

// forEachSubject calls the visitor for every subject of the rule's kind. A
// list that could not be read is visited once, as the subject "*", with a
// check that reads the list: the result is unknown and says why.
func forEachSubject(s *snapshot.Snapshot, r *Rule, world World, v visit) {
	w := walker{snapshot: s, rule: r, refs: r.Refs.List(), visit: v, world: world}
	switch r.Kind() {
	case KindHost:
		w.one(nil, KindHost, Subject{Name: hostName(&s.Host)}, func(c *Context) Answer { return r.Host(c, &s.Host) })
	case KindUser:
		each(w, nil, KindUser, s.Host.Users, func(u *snapshot.User) Subject { return Subject{Name: u.Name} }, r.User)
	case KindClient:
		each(w, nil, KindClient, s.Clients, func(cl *snapshot.Client) Subject { return Subject{Name: cl.User} }, r.Client)
	default:
		for i := range s.Engines {
			w.engine(&s.Engines[i])
		}
	}
}

// Count is how many subjects of a kind a snapshot has, as far as it lists them.
func Count(s *snapshot.Snapshot, k Kind) int {
	switch k {
	case KindHost:
		return 1
	case KindUser:
		return length(s.Host.Users)
	case KindClient:
		return length(s.Clients)
	}
	n := 0
	for i := range s.Engines {
		n += countOf(&s.Engines[i], k)
	}
	return n
}

func countOf(e *snapshot.Engine, k Kind) int {
	switch k {
	case KindListener:
		return length(e.Listeners)
	case KindImage:
		return length(e.Images)
	case KindContainer:
		return length(e.Containers)
	case KindNetwork:
		return length(e.Networks)
	case KindVolume:
		return length(e.Volumes)
	}
	return 1
}

func length[T any](list snapshot.Fact[[]T]) int {
	items, _ := list.Peek()
	return len(items)
}

// walker carries what every subject's context needs.
type walker struct {
	snapshot *snapshot.Snapshot
	rule     *Rule
	refs     []string
	visit    visit
	world    World
}

// engine visits the subjects of one engine. Of an engine that did not answer,
// every subject is unknown for the same reason.
func (w walker) engine(e *snapshot.Engine) {
	r := w.rule
	switch r.Kind() {
	case KindEngine:
		w.one(e, KindEngine, Subject{Name: e.Name}, func(c *Context) Answer { return r.Engine(c, e) })
	case KindListener:
		w.listeners(e)
	case KindImage:
		each(w, e, KindImage, e.Images, func(i *snapshot.Image) Subject { return Subject{Name: i.Name()} }, r.Image)
	case KindContainer:
		each(w, e, KindContainer, e.Containers, containerSubject, func(c *Context, ctr *snapshot.Container) Answer {
			c.container = ctr
			return r.Container(c, ctr)
		})
	case KindNetwork:
		each(w, e, KindNetwork, e.Networks, func(n *snapshot.Network) Subject { return Subject{Name: n.Name} }, r.Network)
	case KindVolume:
		each(w, e, KindVolume, e.Volumes, func(vol *snapshot.Volume) Subject { return Subject{Name: vol.Name} }, r.Volume)
	case KindSwarm:
		w.swarm(e)
	}
}

// listeners visits the listeners that are known. Where there may be more, those
// are the subject "*", of which nothing is known.
func (w walker) listeners(e *snapshot.Engine) {
	each(w, e, KindListener, e.Listeners, func(l *snapshot.Listener) Subject { return Subject{Name: l.Name} }, w.rule.Listener)
	if _, some := e.Listeners.Peek(); !some {
		return // each has told of it
	}
	if all, known := e.AllListeners.Peek(); known && all {
		return
	}
	w.one(e, KindListener, Subject{Name: "*"}, func(c *Context) Answer {
		e.ListsAll(c)
		c.Stop()
		return Answer{}
	})
}

func (w walker) swarm(e *snapshot.Engine) {
	w.one(e, KindSwarm, Subject{Name: e.Name}, func(c *Context) Answer {
		swarm := e.Swarm.Read(c)
		if e.Swarm.State() == snapshot.Absent {
			return c.NotApplicable("swarm is off")
		}
		return w.rule.Swarm(c, &swarm)
	})
}

// one visits a single subject.
func (w walker) one(e *snapshot.Engine, kind Kind, subject Subject, check func(*Context) Answer) {
	c := &Context{Snapshot: w.snapshot, Host: &w.snapshot.Host, Engine: e, rule: w.rule, refs: w.refs, world: w.world}
	c.read = c.few[:0]
	subject.Kind = kind
	if e != nil {
		subject.Engine = e.Name
	}
	w.visit(c, subject, func() Answer { return check(c) })
}

// each visits the elements of a list.
func each[T any](w walker, e *snapshot.Engine, kind Kind, list snapshot.Fact[[]T], subject func(*T) Subject, check func(*Context, *T) Answer) {
	items, ok := list.Peek()
	if !ok {
		w.one(e, kind, Subject{Name: "*"}, func(c *Context) Answer {
			list.Read(c)
			return c.NotApplicable("nothing to judge")
		})
		return
	}
	for i := range items {
		w.one(e, kind, subject(&items[i]), func(c *Context) Answer { return check(c, &items[i]) })
	}
}

func containerSubject(ctr *snapshot.Container) Subject {
	return Subject{Name: ctr.Name, Project: ctr.Project, Service: ctr.Service}
}

func hostName(h *snapshot.Host) string {
	if name, ok := h.Name.Peek(); ok && name != "" {
		return name
	}
	return "this host"
}
