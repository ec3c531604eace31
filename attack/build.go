package attack

import (
	"sync"

	"seawall/parallel"
	"seawall/reach/matrix"
	"seawall/rule"
	"seawall/snapshot"
)

// Build finds the moves of a book in a snapshot. Reach tells who reaches what, if
// a step asks, and is called once at most.
func Build(s *snapshot.Snapshot, b *Book, reach func() *matrix.Matrix) *Model {
	m := &Model{book: b, containers: map[string]int64{}}
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
	m.look(places)
	return m
}

// look finds the moves of all places. Batches are joined in their order as soon as they
// are done, and their memory is used again.
func (m *Model) look(places []place) {
	j := newJoiner(m, places)
	var spare sync.Pool
	parallel.Each(j.batches, func(i int) {
		t, _ := spare.Get().(*batch)
		if t == nil {
			t = newBatch(m.book)
		}
		t.look(places[i*batchSites : min((i+1)*batchSites, len(places))])
		for _, done := range j.add(i, t) {
			done.clear()
			spare.Put(done)
		}
	})
	j.close()
}

// batchSites is how many sites are looked at in one go.
const batchSites = 64

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

// sites calls yield for all sites of a snapshot. The query is the witness of the
// lists that could not be read.
func sites(q *Query) func(yield func(rule.Kind, *Site) bool) {
	return func(yield func(rule.Kind, *Site) bool) {
		s := q.Snapshot
		host := Site{Snapshot: s, Host: &s.Host}
		each(q, s.Host.Users, func(u *snapshot.User) { site := host; site.User = u; yield(rule.KindUser, &site) })
		each(q, s.Clients, func(c *snapshot.Client) { site := host; site.Client = c; yield(rule.KindClient, &site) })
		s.Host.Services.Look(q)
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
