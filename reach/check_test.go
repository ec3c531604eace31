package reach_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"seawall/lab"
	"seawall/reach"
	"seawall/reach/filter"
	"seawall/snapshot"
	"seawall/source/netstack"
	"seawall/source/packetfilter"
)

// cell is a connection, what was predicted, and whether it opened.
type cell struct {
	who   string
	c     reach.Connection
	said  reach.Answer
	found bool
}

// reached is what connections are opened to, and who opens one to any of it:
// the end of an address with its port, or the name of a container, which may
// have "by IPv6" after it.
type reached struct {
	to  string
	who []string
}

// collect reads all namespaces once.
func (e *engine) collect() reach.World {
	e.t.Helper()
	names := append([]string{"host"}, e.names...)
	var once []*netstack.Namespace
	for _, name := range names {
		n := e.namespaces[name]
		if !slices.ContainsFunc(once, func(o *netstack.Namespace) bool { return o.Inode() == n.Inode() }) {
			once = append(once, n)
		}
	}
	read := map[uint64]snapshot.NetStack{}
	for i, fact := range netstack.Read(e.t.Context(), once) {
		stack, ok := fact.Peek()
		if !ok {
			e.t.Fatalf("%+v", fact.Gap())
		}
		e.in(once[i], func() error {
			rules, err := packetfilter.Read(e.t.Context(), packetfilter.Exec)
			stack.Filter = snapshot.See(rules, snapshot.Origin{})
			return err
		})
		read[once[i].Inode()] = stack
	}
	w := reach.World{}
	e.stacks = map[string]snapshot.NetStack{}
	for _, name := range names {
		e.stacks[name] = read[e.namespaces[name].Inode()]
		space := reach.Space{Name: name, Stack: snapshot.See(e.stacks[name], snapshot.Origin{})}
		if name == "host" {
			w.Host = space
		} else {
			w.Containers = append(w.Containers, space)
		}
	}
	return w
}

// predict asks the kernels what must be asked, and fills in the answers.
func (e *engine) predict(n *reach.Net, cells []cell) {
	e.t.Helper()
	var connections []reach.Connection
	for _, c := range cells {
		connections = append(connections, c.c)
	}
	rounds := 0
	for questions := n.Questions(connections); len(questions) > 0; questions = n.Questions(connections) {
		if rounds++; rounds > 30 {
			e.t.Fatal("the questions do not end")
		}
		for _, namespace := range e.namespaces {
			var list []netstack.Question
			for _, q := range questions[namespace.Inode()] {
				source, _ := netip.ParseAddr(q.Source)
				list = append(list, netstack.Question{In: q.In, Source: source, Destination: netip.MustParseAddr(q.Destination), Mark: q.Mark})
			}
			delete(questions, namespace.Inode())
			if len(list) > 0 {
				n.Learn(namespace.Inode(), namespace.Ask(e.t.Context(), list))
			}
		}
	}
	e.tally.rounds = max(e.tally.rounds, rounds)
	for i, c := range cells {
		answers := n.Connect(c.c.From, c.c.To)
		at := slices.IndexFunc(answers, func(a reach.Answer) bool {
			return !c.c.From.Sample.IsValid() || a.Sources.Contains(c.c.From.Sample)
		})
		if at < 0 {
			e.t.Fatalf("%s to %s: no answer", c.who, c.c.To.Address)
		}
		cells[i].said = answers[at]
	}
}

// cells are all connections from everybody to the targets.
func (e *engine) cells(n *reach.Net) (cells []cell, who []string) {
	for _, f := range n.Senders() {
		name := f.Name
		switch a := f.Sample.String(); {
		case a == lab.NeighbourAddr || a == lab.NeighbourAddr6:
			name = "lan"
		case f.In != "":
			name = "internet"
		}
		if !slices.Contains(who, name) {
			who = append(who, name)
		}
		for _, to := range e.targets() {
			if f.In != "" && (to.Addr().IsLoopback() || to.Addr().Is6() != f.Sample.Is6()) {
				continue // to loopback: takes crafted frames
			}
			cells = append(cells, cell{who: name, c: reach.Connection{From: f, To: reach.To{Protocol: "tcp", Address: to}}})
		}
	}
	return cells, who
}

// check compares what is predicted with what happens, and with what is known.
func (e *engine) check(want ...reached) {
	e.t.Helper()
	began := time.Now()
	n := reach.New(e.collect())
	cells, who := e.cells(n)
	namespaces := map[uint64]bool{}
	for _, namespace := range e.namespaces {
		namespaces[namespace.Inode()] = true
	}
	if len(who) != len(namespaces)+2 { // two are outside
		e.t.Errorf("senders %q", who)
	}
	collected := time.Now()
	e.predict(n, cells)
	predicted := time.Now()
	e.probe(cells)
	e.t.Logf("%d cells; collected in %v, predicted in %v, probed in %v", len(cells), collected.Sub(began), predicted.Sub(collected), time.Since(predicted))
	for _, c := range cells {
		e.compare(c)
	}
	for _, w := range want {
		for _, name := range who {
			found := slices.ContainsFunc(cells, func(c cell) bool { return c.who == name && c.found && e.isTo(c, w.to) })
			if found != slices.Contains(w.who, name) {
				e.t.Errorf("%s reaches %s: %v", name, w.to, found)
			}
		}
	}
}

// isTo says whether a cell is to the end of an address, or to a container.
func (e *engine) isTo(c cell, what string) bool {
	to := c.c.To.Address
	name, only6 := strings.CutSuffix(what, " by IPv6")
	return strings.HasSuffix(to.String(), what) || to.Port() == 80 && slices.Contains(e.addresses(name), to.Addr()) && (to.Addr().Is6() || !only6)
}

// reasons are those of answers that are not known: the neighbour was not read,
// nor is it known which ports are hairpin ports.
var reasons = []string{"it leaves by the macvlan eth0", "it leaves what was read, by eth0", "it is beyond eth0", "only a hairpin port"}

// compare says where an answer is wrong.
func (e *engine) compare(c cell) {
	e.t.Helper()
	e.tally.add(c, c.who == "mac" || slices.Contains(e.addresses("mac"), c.c.To.Address.Addr()))
	what := c.who + " to " + c.c.To.Address.String()
	switch {
	case c.said.Verdict == filter.Unknown:
		if !slices.ContainsFunc(reasons, func(why string) bool { return strings.Contains(c.said.Why, why) }) {
			e.t.Errorf("%s: not known, and opened: %v: %s", what, c.found, said(c.said))
		}
		return
	case (c.said.Verdict == filter.Open) == c.found:
		return
	case c.found:
		e.t.Errorf("%s: PREDICTED BLOCKED, FOUND OPEN: %s", what, said(c.said))
	default:
		e.t.Errorf("%s: predicted open, found closed: %s", what, said(c.said))
	}
	for _, h := range c.said.Hops {
		e.t.Logf("%s: %v", h.Space, h.Trail)
	}
}

// tally counts the cells of all engines in all states.
type tally struct {
	cells, opened int
	plain         int // cells that no macvlan is part of
	unknown       int // of those
	wrong         int // predicted blocked, and found open
	rounds        int // of questions, at most
}

func (a *tally) add(c cell, macvlan bool) {
	a.cells++
	if c.found {
		a.opened++
	}
	if c.found && c.said.Verdict == filter.Blocked {
		a.wrong++
	}
	if !macvlan {
		a.plain++
		if c.said.Verdict == filter.Unknown {
			a.unknown++
		}
	}
}

// check: nothing is open that was said to be blocked, and little is unknown.
func (a *tally) check(t *testing.T) {
	t.Helper()
	t.Logf("%d cells, %d of them open; without a macvlan %d, %d of them not known; asked in at most %d rounds", a.cells, a.opened, a.plain, a.unknown, a.rounds)
	if a.wrong > 0 {
		t.Errorf("%d cells were predicted blocked and found open", a.wrong)
	}
	if a.unknown*100 >= a.plain*5 {
		t.Errorf("%d of %d cells without a macvlan are not known: 5 %% or more", a.unknown, a.plain)
	}
}
