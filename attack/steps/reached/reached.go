package reached

import (
	"fmt"
	"slices"

	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/lang"
	"seawall/reach/filter"
	"seawall/reach/matrix"
	"seawall/rule"
	"seawall/snapshot"
)

// Sender is somebody who may open a connection to a target.
type Sender struct {
	State   attack.State
	how     string // to which address, and by what it gets there
	Unknown string // why it is not known that it gets there; "" if it does
	checks  []attack.Check
}

// Unread says why it is not known who reaches what on the host of the site's
// engine; "" if it is.
func Unread(q *attack.Query) string {
	if !q.Engine.Local {
		return lang.T("the engine runs on another machine")
	}
	process, known := q.Engine.Daemon.Process.Look(q)
	space := q.Snapshot.NetSpace(process.Namespaces["net"])
	if !known || space == nil {
		return lang.T("the network of the engine was not read")
	}
	return unreadSpace(q, space, lang.N("the network of the engine could not be read: %s"))
}

// unreadSpace says what of a network could not be read; "" if all was. Unread is the format
// of what to say of a network of which nothing was.
func unreadSpace(q *attack.Query, space *snapshot.NetSpace, unread string) string {
	stack, known := space.Stack.Look(q)
	if !known {
		return fmt.Sprintf(lang.T(unread), lang.T(space.Stack.Gap().Detail))
	}
	if _, known = stack.Filter.Look(q); !known {
		return lang.Sprintf("the packet filters could not be read: %s", lang.T(stack.Filter.Gap().Detail))
	}
	return ""
}

// Everyone may open connections where nobody knows who does.
func Everyone(q *attack.Query, why string) []Sender {
	states := append([]attack.State{{Kind: attack.Internet}, {Kind: attack.LAN}}, accounts(q)...)
	eachContainer(q, func(e *snapshot.Engine, c *snapshot.Container) {
		states = append(states, attack.State{Kind: attack.Container, Engine: e.Name, Name: c.Name})
	})
	out := make([]Sender, len(states))
	for i, s := range states {
		out[i] = Sender{State: s, Unknown: why}
	}
	return out
}

// eachContainer visits the containers on this machine that are not known to be
// stopped.
func eachContainer(q *attack.Query, visit func(*snapshot.Engine, *snapshot.Container)) {
	for i := range q.Snapshot.Engines {
		e := &q.Snapshot.Engines[i]
		if !e.Local {
			continue
		}
		containers, _ := e.Containers.Look(q)
		for j := range containers {
			if _, known := containers[j].State.Peek(); !known || containers[j].Running() {
				visit(e, &containers[j])
			}
		}
	}
}

// unplaced are containers that may run and are no source of the matrix: what they
// reach is not known.
func unplaced(q *attack.Query, m *matrix.Matrix) []Sender {
	placed := map[attack.State]bool{}
	for i := range m.Sources {
		for _, c := range m.Sources[i].Members {
			placed[attack.State{Kind: attack.Container, Engine: c.Engine, Name: c.Name}] = true
		}
	}
	var out []Sender
	eachContainer(q, func(e *snapshot.Engine, c *snapshot.Container) {
		s := attack.State{Kind: attack.Container, Engine: e.Name, Name: c.Name}
		if _, known := c.State.Peek(); !known && !placed[s] {
			out = append(out, Sender{State: s, Unknown: lang.T("it is not known whether it runs")})
		}
	})
	return out
}

// Senders are those who get to a target of the matrix, or may get there.
func Senders(q *attack.Query, m *matrix.Matrix, target int) []Sender {
	out := unplaced(q, m)
	for i := range m.Sources {
		way, unknown := gets(&m.Cells[i][target], m.Sources[i].Kind)
		if way == nil && unknown == "" {
			continue
		}
		s := Sender{Unknown: unknown}
		crafted := false
		if way != nil {
			s.how, crafted = lang.Sprintf("to %s", way.To), way.Crafted
			if crafted {
				s.how = lang.Sprintf("to %s by frames made by hand", way.To)
			} else {
				api := m.Targets[target].Kind == matrix.API
				s.checks = []attack.Check{{Kind: attack.OpensAddress, Name: way.To.String(), API: api}}
			}
		}
		for _, state := range sends(q, &m.Sources[i], crafted) {
			s.State = state
			out = append(out, s)
		}
	}
	return out
}

// gets is a way by which a source gets to a target, the plainest first, or why
// that is not known.
func gets(cell *matrix.Cell, kind matrix.SourceKind) (way *matrix.Way, unknown string) {
	if cell.Verdict == filter.Unknown {
		unknown = cell.Why
	}
	for i := range cell.Ways {
		w := &cell.Ways[i]
		switch {
		case w.Crafted && kind == matrix.Internet: // no router forwards those
		case w.Through():
			if way == nil || way.Crafted && !w.Crafted {
				way = w
			}
		case w.Verdict == filter.Unknown && unknown == "":
			unknown = w.Why
		}
	}
	if way != nil {
		return way, ""
	}
	return nil, unknown
}

// sends are the states that can send as a source does: frames that are made by
// hand take root in a container.
func sends(q *attack.Query, s *matrix.Source, crafted bool) []attack.State {
	var out []attack.State
	switch s.Kind {
	case matrix.Internet:
		return []attack.State{{Kind: attack.Internet}}
	case matrix.Network:
		return []attack.State{{Kind: attack.LAN, Name: s.Name}}
	case matrix.Host:
		if !crafted {
			out = accounts(q)
		}
	}
	kind := attack.Container
	if crafted {
		kind = attack.ContainerRoot
	}
	for _, m := range s.Members {
		out = append(out, attack.State{Kind: kind, Engine: m.Engine, Name: m.Name})
	}
	return out
}

// accounts are all accounts of the host but root, and any account.
func accounts(q *attack.Query) []attack.State {
	out := []attack.State{{Kind: attack.LocalUser}}
	users, _ := q.Host.Users.Look(q)
	for i := range users {
		if users[i].UID != 0 {
			out = append(out, cond.UserState(users[i].Name))
		}
	}
	return out
}

// Instances are moves from those who reach something. What is its name.
func Instances(what string, list []Sender) []attack.Instance {
	out := make([]attack.Instance, len(list))
	for i, s := range list {
		out[i] = attack.Instance{From: s.State, What: s.how, Checks: s.checks}
		if s.Unknown != "" {
			out[i].Unknown, out[i].Missing = true, unresolved(what, s.Unknown)
		} else {
			out[i].Origin, out[i].Value = snapshot.At(lang.Sprintf("reach of %s", what), lang.T("packet filters and routes")), s.how
		}
	}
	return out
}

// unresolved is a missing fact about who reaches what.
func unresolved(what, why string) []rule.MissingFact {
	return []rule.MissingFact{{Fact: lang.Sprintf("reach of %s", what), Gap: snapshot.Gap{Reason: snapshot.ReasonUnresolved, Detail: why, Remedy: lang.T("run as root on the host")}}}
}

// APITarget is the place of the site's listener among the targets; -1 if it is
// none.
func APITarget(q *attack.Query, m *matrix.Matrix) int {
	for _, i := range m.TargetsOf(q.Snapshot, q.Engine, matrix.API) {
		if m.Targets[i].Listener.Name == q.Listener.Name {
			return i
		}
	}
	return -1
}

// PublishedAt are the places of the published ports of the site's container.
func PublishedAt(q *attack.Query, m *matrix.Matrix) []int {
	var out []int
	for i := range m.Targets {
		t := &m.Targets[i]
		if t.Kind == matrix.Published && t.Engine == q.Engine.Name && slices.ContainsFunc(t.Members, func(m matrix.Member) bool { return m.Name == q.Container.Name }) {
			out = append(out, i)
		}
	}
	return out
}
