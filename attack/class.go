package attack

import (
	"hash/maphash"
	"slices"

	"seawall/parallel"
	"seawall/snapshot"
)

// Class is a set of containers that an attacker has the same moves in and by.
type Class struct {
	// Engine and Names are the containers, the first of which stands for all.
	Engine string
	Names  []string
	// Places is how many places a change must be made in: a Compose service that
	// runs many times is declared once.
	Places int64
}

// container names a container of an engine.
type container struct{ engine, name string }

// holder is the container that a state is about; false if it is about none.
func (s State) holder() (container, bool) {
	return container{s.Engine, s.Name}, s.Kind == Container || s.Kind == ContainerRoot
}

// classes are the containers that states are about.
type classes struct {
	numbers map[container]int32
	names   []container
	class   []*Class // of each container
	of      []int32  // of each of the model's states: its container, or none
}

// newClasses finds containers that are alike as some moves tell. Those that a move
// takes together with another container, such as one whose namespace they share, are
// alike only if it is the same other one.
func newClasses(m *Model, there []int32) *classes {
	c := &classes{numbers: map[container]int32{}, of: make([]int32, len(m.states))}
	for i, s := range m.states {
		c.of[i] = none
		if at, is := s.holder(); is {
			c.of[i] = c.number(at)
		}
	}
	c.class = make([]*Class, len(c.names))
	type key struct {
		engine    string
		signature uint64
	}
	groups := make(map[key]*Class, len(c.names))
	one := make([]Class, len(c.names))
	for n, signature := range newHasher(m, c).sum(there) {
		k := key{c.names[n].engine, signature}
		class := groups[k]
		if class == nil {
			class = &one[n]
			class.Engine = k.engine
			groups[k] = class
		}
		class.Names = append(class.Names, c.names[n].name)
		c.class[n] = class
	}
	placed := c.placed(m, there)
	for _, class := range groups {
		slices.Sort(class.Names)
		class.Places = c.places(class, placed)
	}
	return c
}

func (c *classes) number(at container) int32 {
	n, known := c.numbers[at]
	if !known {
		n = int32(len(c.names))
		c.numbers[at] = n
		c.names = append(c.names, at)
	}
	return n
}

// at is the class of a container; nil if no state is about it.
func (c *classes) at(engine, name string) *Class {
	n, known := c.numbers[container{engine, name}]
	if !known {
		return nil
	}
	return c.class[n]
}

// stands reports whether a state is of no container or of one that stands for others.
func (c *classes) stands(state int32) bool {
	n := c.of[state]
	return n == none || c.class[n].Names[0] == c.names[n].name
}

// placed are the containers that have moves, by number; nil for others.
func (c *classes) placed(m *Model, there []int32) []*snapshot.Container {
	out := make([]*snapshot.Container, len(c.names))
	last := int32(none)
	for _, v := range there {
		site := m.moves.list[v].site
		if site == last || site == none {
			continue
		}
		last = site
		if s := m.sites[site]; s.Container != nil {
			if n, known := c.numbers[container{s.Engine.Name, s.Container.Name}]; known {
				out[n] = s.Container
			}
		}
	}
	return out
}

// places is in how many places the containers of a class are declared.
func (c *classes) places(class *Class, placed []*snapshot.Container) int64 {
	if len(class.Names) == 1 {
		return 1
	}
	type place struct{ project, service, name string }
	distinct := map[place]bool{}
	for _, name := range class.Names {
		var at place
		if p := placed[c.numbers[container{class.Engine, name}]]; p != nil && p.Service != "" {
			at = place{p.Project, p.Service, ""}
		} else if p != nil {
			at.name = name
		}
		distinct[at] = true
	}
	return int64(len(distinct))
}

// hasher makes signatures of what moves mean for their containers.
type hasher struct {
	model   *Model
	classes *classes
	states  []hashes // of each state: its kind, and whose it is
	changes []hashes // of each change: what it does, and to what
	self    []uint64 // of each container
}

// hashes are those of what a thing is, and of its name.
type hashes struct{ what, whose uint64 }

var seed = maphash.MakeSeed()

func newHasher(m *Model, c *classes) *hasher {
	h := &hasher{model: m, classes: c, states: make([]hashes, len(m.states)), changes: make([]hashes, len(m.changes)), self: make([]uint64, len(c.names))}
	name := func(engine, name string) uint64 { return mix(maphash.String(seed, engine), maphash.String(seed, name)) }
	inParts(len(m.states), func(from, to int) {
		for i := from; i < to; i++ {
			s := &m.states[i]
			h.states[i] = hashes{maphash.String(seed, string(s.Kind)), name(s.Engine, s.Name)}
		}
	})
	inParts(len(m.changes), func(from, to int) {
		for i := from; i < to; i++ {
			c := &m.changes[i]
			h.changes[i] = hashes{mix(maphash.String(seed, c.Kind.ID), maphash.String(seed, c.Detail)), name(c.Engine, c.Subject)}
		}
	})
	for n, at := range c.names {
		h.self[n] = name(at.engine, at.name)
	}
	return h
}

// sum gives each container the signature of all moves that are there.
func (h *hasher) sum(there []int32) []uint64 {
	parts := make([][]uint64, parts)
	parallel.Each(len(parts), func(i int) {
		parts[i] = make([]uint64, len(h.self))
		for _, v := range there[i*len(there)/len(parts) : (i+1)*len(there)/len(parts)] {
			h.each(v, func(n int32, signature uint64) { parts[i][n] += signature })
		}
	})
	out := parts[0]
	for _, more := range parts[1:] {
		for n, signature := range more {
			out[n] += signature
		}
	}
	return out
}

// parts is in how many parts long lists are gone through at the same time.
const parts = 4

// inParts calls do for all parts of a list of n.
func inParts(n int, do func(from, to int)) {
	parallel.Each(parts, func(i int) { do(i*n/parts, (i+1)*n/parts) })
}

// each gives each container of a move its signature: the move with the container's
// own name left out.
func (h *hasher) each(v int32, visit func(int32, uint64)) {
	m := &h.model.moves
	from, to := m.fromOf(v), h.classes.of[m.list[v].to]
	if to != none {
		visit(to, h.move(v, to))
	}
	for i, s := range from {
		n := h.classes.of[s]
		if n != none && n != to && !slices.ContainsFunc(from[:i], func(o int32) bool { return h.classes.of[o] == n }) {
			visit(n, h.move(v, n))
		}
	}
}

// move is the signature of a move for one container. The order of the changes that
// end it does not count.
func (h *hasher) move(v, container int32) uint64 {
	m := &h.model.moves
	move := &m.list[v]
	out := mix(uint64(move.step), uint64(move.cost)<<1)
	if move.possible {
		out++
	}
	state := func(s int32) {
		out = mix(out, h.states[s].what)
		if h.classes.of[s] != container {
			out = mix(out, h.states[s].whose)
		}
	}
	for _, s := range m.fromOf(v) {
		state(s)
	}
	state(move.to)
	var ends uint64
	for _, c := range m.endsOf(v) {
		one := h.changes[c].what
		if h.changes[c].whose != h.self[container] {
			one = mix(one, h.changes[c].whose)
		}
		ends += mix(one, 0)
	}
	return mix(out, ends)
}

// mix puts a number to a hash.
func mix(h, x uint64) uint64 {
	h = (h ^ x) * 0x9e3779b97f4a7c15
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	return h ^ h>>29
}
