package attack

import (
	"maps"
	"slices"

	"seawall/reach/matrix"
	"seawall/rule"
	"seawall/snapshot"
)

// Move is one move on the host: whoever has all of From gets To.
type Move struct {
	Step *Step
	From []State
	To   State
	Cost int
	// Possible: it rests on facts that were not seen.
	Possible bool
	// Ends are the changes of which each alone removes it.
	Ends []Change

	site     *Site
	way      int
	instance *Instance // nil: the site itself
}

// Model is what an attacker can do on a host.
type Model struct {
	Moves []Move
	// Gaps are the lists of things that could not be read: there may be moves that
	// nobody sees.
	Gaps []rule.MissingFact

	containers map[string]int64 // how many each engine has
}

// Build finds the moves of a book in a snapshot. Reach tells who reaches what, if
// a step asks, and is called once at most.
func Build(s *snapshot.Snapshot, b *Book, reach func() *matrix.Matrix) *Model {
	m := &Model{containers: map[string]int64{}}
	around := newSurroundings(s, reach)
	q := &Query{Site: &Site{Snapshot: s, Host: &s.Host}, missing: &m.Gaps}
	for kind, site := range sites(q) {
		site.surroundings = around
		if kind == rule.KindContainer {
			m.containers[site.Engine.Name]++
		}
		m.look(b, kind, site)
	}
	m.takeOver()
	return m
}

// TakenOverID is the id of the move that is no step: whoever took an account over
// does what its user may do.
const TakenOverID = "acts-as-user"

// takenOver is the move of whoever took an account over and does what its user
// may do. It is no step of the book, and nothing ends it.
var takenOver = &Step{ID: TakenOverID, Title: "Act as the user", From: Account, To: LocalUser}

// takeOver lets whoever takes an account over do what its user may do.
func (m *Model) takeOver() {
	taken := map[State]bool{}
	for _, move := range m.Moves {
		if move.To.Kind == Account && !taken[move.To] {
			taken[move.To] = true
			m.Moves = append(m.Moves, Move{Step: takenOver, From: []State{move.To}, To: State{Kind: LocalUser, Name: move.To.Name}})
		}
	}
}

// sites calls yield for all sites of a snapshot. The query is the witness of the
// lists that could not be read.
func sites(q *Query) func(yield func(rule.Kind, *Site) bool) {
	return func(yield func(rule.Kind, *Site) bool) {
		s := q.Snapshot
		host := Site{Snapshot: s, Host: &s.Host}
		each(q, s.Host.Users, func(u *snapshot.User) { site := host; site.User = u; yield(rule.KindUser, &site) })
		each(q, s.Clients, func(c *snapshot.Client) { site := host; site.Client = c; yield(rule.KindClient, &site) })
		yield(rule.KindHost, &host)
		s.AllEngines.Look(q)
		for i := range s.Engines {
			engineSites(q, &s.Engines[i], yield)
		}
	}
}

// engineSites are the sites of one engine.
func engineSites(q *Query, e *snapshot.Engine, yield func(rule.Kind, *Site) bool) {
	at := Site{Snapshot: q.Snapshot, Host: &q.Snapshot.Host, Engine: e}
	engine := at
	yield(rule.KindEngine, &engine)
	e.ListsAll(q)
	each(q, e.Listeners, func(l *snapshot.Listener) { site := at; site.Listener = l; yield(rule.KindListener, &site) })
	each(q, e.Images, func(i *snapshot.Image) { site := at; site.Image = i; yield(rule.KindImage, &site) })
	each(q, e.Containers, func(c *snapshot.Container) { site := at; site.Container = c; yield(rule.KindContainer, &site) })
}

// each visits the elements of a list.
func each[T any](q *Query, list snapshot.Fact[[]T], visit func(*T)) {
	elements, _ := list.Look(q)
	for i := range elements {
		visit(&elements[i])
	}
}

// look finds the moves of all steps at a site.
func (m *Model) look(b *Book, kind rule.Kind, site *Site) {
	site.memo = make([]memo, len(b.conds))
	for _, s := range b.steps {
		if s.At == kind {
			m.try(b, s, site)
		}
	}
}

// try finds the moves of a step at a site.
func (m *Model) try(b *Book, s *compiled, site *Site) {
	looked := false
	var instances []Instance
	for way, conds := range s.ways {
		truth := site.all(b, conds)
		if truth == No {
			continue
		}
		if !looked && s.Each != nil {
			q := Query{Site: site}
			instances = s.Each(&q)
			looked = true
		}
		move := Move{Step: s.Step, Cost: s.Cost + site.count(b, s.harder), Possible: truth == Unknown, site: site, way: way}
		if s.Each == nil {
			m.add(b, s, move)
		}
		for i := range instances {
			move.instance = &instances[i]
			m.add(b, s, move)
		}
	}
}

// all is the answer of conditions that are all needed.
func (s *Site) all(b *Book, conds []int) Truth {
	truth := Yes
	for _, n := range conds {
		if truth = min(truth, s.ask(b, n)); truth == No {
			return No
		}
	}
	return truth
}

// ask answers a condition, once for each site.
func (s *Site) ask(b *Book, n int) Truth {
	if !s.memo[n].asked {
		s.memo[n] = memo{asked: true, truth: b.conds[n].Ask(&Query{Site: s})}
	}
	return s.memo[n].truth
}

// count is how many of the conditions surely hold.
func (s *Site) count(b *Book, conds []int) int {
	n := 0
	for _, c := range conds {
		if s.ask(b, c) == Yes {
			n++
		}
	}
	return n
}

// add adds a move, with its states and the changes that end it.
func (m *Model) add(b *Book, s *compiled, move Move) {
	i := move.instance
	if i == nil {
		i = &Instance{}
	}
	from, to := i.From, i.To
	if from.Kind == "" {
		from = move.site.State(s.From)
	}
	if to.Kind == "" {
		to = move.site.State(s.To)
	}
	if s.Own && from.Kind == LocalUser {
		from.Kind = Account
	}
	if to.Kind == LocalUser {
		to.Kind = Account
	}
	move.From, move.To = append([]State{from}, i.With...), to
	move.Cost = min(move.Cost+i.Cost, maxCost)
	move.Possible = move.Possible || i.Unknown
	move.Ends = slices.Clone(i.Ends)
	for _, n := range s.ways[move.way] {
		if ends := b.conds[n].Ends; ends != nil {
			move.Ends = append(move.Ends, ends(&Query{Site: move.site})...)
		}
	}
	slices.SortFunc(move.Ends, Change.Compare)
	move.Ends = slices.Compact(move.Ends)
	m.Moves = append(m.Moves, move)
}

// maxCost is the cost of a move that takes research.
const maxCost = 5

// Facts are what a move rests on: what was read, and what was not seen.
func (v *Move) Facts() ([]rule.Evidence, []rule.MissingFact) {
	var evidence []rule.Evidence
	var missing []rule.MissingFact
	q := &Query{Site: v.site, evidence: &evidence, missing: &missing}
	for _, c := range alternatives(v.Step.Needs)[v.way] {
		before := len(missing)
		if c.Ask(q) == Yes {
			missing = missing[:before] // what was not seen does not matter
		}
		q.missed = 0
	}
	if i := v.instance; i != nil {
		if i.Origin.Path != "" {
			q.Saw(i.Origin, i.Value)
		}
		missing = append(missing, i.Missing...)
	}
	return evidence, missing
}

// What says what the move is about, as the end of the step's title; "" where it is
// the site itself.
func (v *Move) What() string {
	if v.instance == nil {
		return ""
	}
	return v.instance.What
}

// States are all states of the model, in their order.
func (m *Model) States() []State {
	known := map[State]bool{}
	for i := range m.Moves {
		for _, s := range m.Moves[i].From {
			known[s] = true
		}
		known[m.Moves[i].To] = true
	}
	return slices.SortedFunc(maps.Keys(known), State.Compare)
}

// Changes are all changes that end a move of the model, in their order.
func (m *Model) Changes() []Change {
	known := map[Change]bool{}
	for i := range m.Moves {
		for _, c := range m.Moves[i].Ends {
			known[c] = true
		}
	}
	return slices.SortedFunc(maps.Keys(known), Change.Compare)
}

// after is the model after changes have been made, and those of them that end no
// move.
func (m *Model) after(made []Change) (*Model, []Change) {
	if len(made) == 0 {
		return m, nil
	}
	out := &Model{Gaps: m.Gaps}
	done := map[Change]bool{} // of those made: it ends a move
	for _, c := range made {
		done[c] = false
	}
	for i := range m.Moves {
		stays := true
		for _, c := range m.Moves[i].Ends {
			if _, is := done[c]; is {
				stays, done[c] = false, true
			}
		}
		if stays {
			out.Moves = append(out.Moves, m.Moves[i])
		}
	}
	return out, slices.DeleteFunc(slices.Clone(made), func(c Change) bool { return done[c] })
}

// Subject is what the move is looked for at, as rules name it; of the host its
// name is empty.
func (v *Move) Subject() rule.Subject {
	if v.site == nil {
		return rule.Subject{}
	}
	return v.site.subject()
}
