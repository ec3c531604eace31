package attack

import (
	"slices"

	"seawall/parallel"
	"seawall/reach/matrix"
	"seawall/rule"
	"seawall/snapshot"
)

// Build finds the moves of a book in a snapshot. Reach tells who reaches what, if
// a step asks, and is called once at most.
func Build(s *snapshot.Snapshot, b *Book, reach func() *matrix.Matrix) *Model {
	m := &Model{containers: map[string]int64{}}
	around := newSurroundings(s, reach)
	q := &Query{Site: &Site{Snapshot: s, Host: &s.Host}, missing: &m.Gaps}
	var places []place
	for kind, site := range sites(q) {
		site.surroundings = around
		if kind == rule.KindContainer {
			m.containers[site.Engine.Name]++
		}
		places = append(places, place{kind, site})
	}
	found := make([][]Move, len(places))
	parallel.Each(len(places), func(i int) {
		here := &Model{}
		here.look(b, places[i].kind, places[i].site)
		found[i] = here.Moves
	})
	m.Moves = slices.Concat(found...)
	m.takeOver()
	return m
}

// place is a site and what it is.
type place struct {
	kind rule.Kind
	site *Site
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
