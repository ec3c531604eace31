package attack

import (
	"cmp"
	"hash/maphash"
	"slices"
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

// classes finds containers that are alike. Those that a move takes together with
// another container, such as one whose namespace they share, are alike only if it
// is the same other one.
func classes(moves []Move) map[container]*Class {
	h := hasher{seed: maphash.MakeSeed()}
	signatures := map[container]uint64{}
	places := map[container]string{}
	for i := range moves {
		h.each(&moves[i], func(c container, signature uint64) { signatures[c] += signature })
		if site := moves[i].site; site != nil && site.Container != nil {
			c := site.Container
			places[container{site.Engine.Name, c.Name}] = cmp.Or(c.Project+"\x00"+c.Service, "\x00"+c.Name)
			if c.Service == "" {
				places[container{site.Engine.Name, c.Name}] = "\x00" + c.Name
			}
		}
	}
	type key struct {
		engine    string
		signature uint64
	}
	groups := map[key]*Class{}
	for c, signature := range signatures {
		k := key{c.engine, signature}
		if groups[k] == nil {
			groups[k] = &Class{Engine: c.engine}
		}
		groups[k].Names = append(groups[k].Names, c.name)
	}
	out := make(map[container]*Class, len(signatures))
	for _, class := range groups {
		slices.Sort(class.Names)
		distinct := map[string]bool{}
		for _, name := range class.Names {
			c := container{class.Engine, name}
			distinct[places[c]] = true
			out[c] = class
		}
		class.Places = int64(len(distinct))
	}
	return out
}

// hasher makes signatures of what moves mean for their containers.
type hasher struct{ seed maphash.Seed }

// each gives each container of a move its signature: the move with the container's
// own name left out.
func (h hasher) each(m *Move, visit func(container, uint64)) {
	var done [2]container
	n := 0
	states := append(slices.Clip(m.From), m.To)
	for _, s := range states {
		c, is := s.holder()
		if !is || slices.Contains(done[:n], c) {
			continue
		}
		if n < len(done) {
			done[n] = c
			n++
		}
		visit(c, h.move(m, states, c))
	}
}

func (h hasher) move(m *Move, states []State, self container) uint64 {
	var b maphash.Hash
	b.SetSeed(h.seed)
	text := func(s string) { b.WriteString(s); b.WriteByte(0) }
	text(m.Step.ID)
	b.WriteByte(byte(m.Cost))
	if m.Possible {
		b.WriteByte(1)
	}
	for _, s := range states {
		text(string(s.Kind))
		if c, is := s.holder(); is && c == self {
			continue
		}
		text(s.Engine)
		text(s.Name)
	}
	for _, c := range m.Ends {
		text(c.Kind.ID)
		text(c.Detail)
		if c.Engine != self.engine || c.Subject != self.name {
			text(c.Engine)
			text(c.Subject)
		}
	}
	return b.Sum64()
}
