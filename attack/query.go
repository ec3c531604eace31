package attack

import (
	"seawall/rule"
	"seawall/snapshot"
)

// Site is where a step is looked for: the host, an engine, a container, … Fields
// that do not apply are nil.
type Site struct {
	Snapshot  *snapshot.Snapshot
	Host      *snapshot.Host
	Engine    *snapshot.Engine
	Container *snapshot.Container
	Listener  *snapshot.Listener
	Image     *snapshot.Image
	User      *snapshot.User
	Client    *snapshot.Client

	surroundings *surroundings
	sharing      *sharing // of the engine
	room         *room    // while it is looked at
	own          *learnt  // where there is no room
	mounts       *mounts  // nil: not asked for
	sockets      *sockets // likewise
	held         *held
	runsAs       *runsAs
}

// Beside is the site of another container of the snapshot.
func (s *Site) Beside(e *snapshot.Engine, c *snapshot.Container) *Site {
	return &Site{Snapshot: s.Snapshot, Host: s.Host, Engine: e, Container: c, surroundings: s.surroundings}
}

// State is the site's state of a kind.
func (s *Site) State(k Kind) State {
	switch k {
	case Container, ContainerRoot:
		return State{k, s.Engine.Name, s.Container.Name}
	case EngineControl, EngineRead, SwarmManager:
		return State{k, s.Engine.Name, ""}
	case ImageAuthor:
		return State{k, s.Engine.Name, s.Image.Name()}
	case LocalUser:
		return State{k, "", s.User.Name}
	}
	return State{Kind: k}
}

// subject is the site as rules name it.
func (s *Site) subject() rule.Subject {
	switch {
	case s.Container != nil:
		return rule.Subject{Kind: rule.KindContainer, Name: s.Container.Name, Engine: s.Engine.Name}
	case s.Listener != nil:
		return rule.Subject{Kind: rule.KindListener, Name: s.Listener.Name, Engine: s.Engine.Name}
	case s.Image != nil:
		return rule.Subject{Kind: rule.KindImage, Name: s.Image.Name(), Engine: s.Engine.Name}
	case s.Engine != nil:
		return rule.Subject{Kind: rule.KindEngine, Name: s.Engine.Name, Engine: s.Engine.Name}
	case s.Client != nil:
		return rule.Subject{Kind: rule.KindClient, Name: s.Client.User}
	case s.User != nil:
		return rule.Subject{Kind: rule.KindUser, Name: s.User.Name}
	}
	return rule.Subject{Kind: rule.KindHost}
}

// Query is the window of a condition on its site. It is the witness of the facts
// that are read.
type Query struct {
	*Site
	missed   int
	brief    bool             // of instances only what makes moves of them is wanted
	evidence *[]rule.Evidence // nil: nobody wants it
	missing  *[]rule.MissingFact
}

// Brief reports whether of instances only what makes moves of them is wanted. What
// says what they are, their evidence, checks and missing facts may then be left out:
// nobody reads them before the move is shown, and then they are asked for again.
func (q *Query) Brief() bool { return q.brief }

// Whole is a query of the same site to which all of an instance matters.
func (q *Query) Whole() *Query { return &Query{Site: q.Site} }

// Saw records a fact that was read (see [snapshot.Witness]).
func (q *Query) Saw(o snapshot.Origin, value any) {
	if q.evidence == nil {
		return
	}
	for _, e := range *q.evidence {
		if e.Fact == o.Path && e.Source == o.Source {
			return // read again
		}
	}
	*q.evidence = append(*q.evidence, rule.Evidence{Fact: o.Path, Value: value, Source: o.Source})
}

// Heeds reports whether anybody wants the evidence (see [snapshot.Heeder]).
func (q *Query) Heeds() bool { return q.evidence != nil }

// Missed records a fact that could not be read.
func (q *Query) Missed(o snapshot.Origin, g snapshot.Gap) {
	q.missed++
	if q.missing != nil {
		*q.missing = append(*q.missing, rule.MissingFact{Fact: o.Path, Source: o.Source, Gap: g})
	}
}

// Stop is for checks that end where a fact is not known. Conditions never end:
// they say that they do not know.
func (q *Query) Stop() { panic("attack: a condition must read facts with Try") }

// Unseen reports whether a fact that the condition asked for could not be read.
func (q *Query) Unseen() bool { return q.missed > 0 }

// Unless is the answer of a condition that holds where a guard is off: a guard
// that is not known to be on may be off.
func (q *Query) Unless(off bool) Truth {
	switch {
	case off:
		return Yes
	case q.Unseen():
		return Unknown
	}
	return No
}

// Whether is the answer of a condition that a fault decides: one that was seen is
// there, and where something was not seen it may be.
func (q *Query) Whether(seen bool) Truth { return q.Unless(seen) }

// Is reads a fact that answers by itself.
func (q *Query) Is(f snapshot.Fact[bool]) Truth {
	value, known := f.Try(q)
	if !known {
		return Unknown
	}
	return Sure(value)
}
