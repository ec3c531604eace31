package attack

import (
	"cmp"
	"slices"
	"sync"

	"seawall/parallel"
)

// joiner makes a model of what is found at its places. In the model's moves states have
// numbers in the order in which they come, until it is closed.
type joiner struct {
	*Model
	batches int // how many there will be

	mu      sync.Mutex
	waiting map[int]*batch // those that are done before others that come first
	joined  int
	numbers map[State]int32
	local   []int32 // of a batch: the numbers of its states
}

// statesOfPlace is how many states a place of a large host adds for the most part.
const statesOfPlace = 4

func newJoiner(m *Model, places []place) *joiner {
	j := &joiner{Model: m, batches: (len(places) + batchSites - 1) / batchSites, waiting: map[int]*batch{}, numbers: make(map[State]int32, len(places)*statesOfPlace)}
	m.sites = make([]*Site, 0, len(places))
	m.states = make([]State, 0, len(places)*statesOfPlace)
	return j
}

// add takes a batch and gives those that are joined now.
func (j *joiner) add(i int, t *batch) []*batch {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.waiting[i] = t
	var out []*batch
	for next := j.waiting[j.joined]; next != nil; next = j.waiting[j.joined] {
		delete(j.waiting, j.joined)
		j.joined++
		j.join(next)
		out = append(out, next)
	}
	return out
}

// join adds what was found at the sites of a batch.
func (j *joiner) join(t *batch) {
	j.local = j.local[:0]
	for _, s := range t.states {
		j.local = append(j.local, j.number(s))
	}
	m := &j.moves
	m.list, m.from, m.ends = foresee(m.list, t.moves.list, j), foresee(m.from, t.moves.from, j), foresee(m.ends, t.moves.ends, j)
	m.append(&t.moves, j.local, int32(len(j.sites)), int32(len(j.changes)))
	j.sites = append(j.sites, t.sites...)
	j.changes = append(foresee(j.changes, t.changes, j), t.changes...)
}

// foresee makes room for what is added to a list, and for as much as the batches that
// are still to come will add if they are like those before.
func foresee[T any](list, more []T, j *joiner) []T {
	if need := len(list) + len(more); need > cap(list) {
		total := need * j.batches / j.joined
		return slices.Grow(list, total+total/foreseeMore-len(list))
	}
	return list
}

// foreseeMore: for a part more than that, as batches differ.
const foreseeMore = 32

func (j *joiner) number(s State) int32 {
	n, known := j.numbers[s]
	if !known {
		n = int32(len(j.states))
		j.numbers[s] = n
		j.states = append(j.states, s)
	}
	return n
}

// close puts the model's states in their order, and adds what whoever takes an account
// over may do.
func (j *joiner) close() {
	users := map[int32]int32{} // of accounts
	for _, s := range j.states[:len(j.states):len(j.states)] {
		if s.Kind == Account {
			users[j.numbers[s]] = j.number(State{Kind: LocalUser, Name: s.Name})
		}
	}
	j.numbers = nil
	place := j.sort()
	for i := range j.moves.list {
		j.moves.list[i].to = place[j.moves.list[i].to]
	}
	for i := range j.moves.from {
		j.moves.from[i] = place[j.moves.from[i]]
	}
	j.takeOver(users, place)
}

// sort puts states in their order, and gives the place of each.
func (m *Model) sort() []int32 {
	groups := map[[2]string][]int32{} // by kind and engine
	for i, s := range m.states {
		at := [2]string{string(s.Kind), s.Engine}
		groups[at] = append(groups[at], int32(i))
	}
	order := make([][2]string, 0, len(groups))
	for at := range groups {
		order = append(order, at)
	}
	slices.SortFunc(order, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	parallel.Each(len(order), func(i int) {
		slices.SortFunc(groups[order[i]], func(a, b int32) int { return cmp.Compare(m.states[a].Name, m.states[b].Name) })
	})
	place := make([]int32, len(m.states))
	sorted := make([]State, 0, len(m.states))
	for _, at := range order {
		for _, n := range groups[at] {
			place[n] = int32(len(sorted))
			sorted = append(sorted, m.states[n])
		}
	}
	m.states = sorted
	return place
}

// takeOver lets whoever takes an account over do what its user may do.
func (m *Model) takeOver(users map[int32]int32, place []int32) {
	user := map[int32]int32{}
	for account, n := range users {
		user[place[account]] = place[n]
	}
	for n := range len(m.moves.list) {
		if to, is := user[m.moves.list[n].to]; is {
			account := m.moves.list[n].to
			delete(user, account)
			m.moves.from = append(m.moves.from, account)
			m.moves.close(move{step: none, site: none, instance: none, to: to})
		}
	}
}
