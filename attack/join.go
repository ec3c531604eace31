package attack

import (
	"cmp"
	"slices"

	"seawall/parallel"
)

// join makes a model of what was found at all sites.
func (m *Model) join(batches []*batch) {
	numbers := map[State]int32{}
	var states []State
	number := func(s State) int32 {
		n, known := numbers[s]
		if !known {
			n = int32(len(states))
			numbers[s] = n
			states = append(states, s)
		}
		return n
	}
	local := make([][]int32, len(batches)) // of each batch: the numbers of its states
	var list, from, ends, changes int
	for i := range batches {
		b := batches[i]
		local[i] = make([]int32, len(b.states))
		for n, s := range b.states {
			local[i][n] = number(s)
		}
		list, from, ends, changes = list+len(b.moves.list), from+len(b.moves.from), ends+len(b.moves.ends), changes+len(b.changes)
	}
	users := map[int32]int32{} // of accounts
	for _, s := range states {
		if s.Kind == Account {
			users[numbers[s]] = number(State{Kind: LocalUser, Name: s.Name})
		}
	}
	place := m.sort(states)
	m.moves.grow(list+len(users), from+len(users), ends)
	m.changes = make([]Change, 0, changes)
	for i := range batches {
		b := batches[i]
		for n := range local[i] {
			local[i][n] = place[local[i][n]]
		}
		m.moves.append(&b.moves, local[i], int32(len(m.sites)), int32(len(m.changes)))
		m.sites = append(m.sites, b.sites...)
		m.changes = append(m.changes, b.changes...)
	}
	m.takeOver(users, place)
}

// sort puts states in their order, and gives the place of each.
func (m *Model) sort(states []State) []int32 {
	groups := map[[2]string][]int32{} // by kind and engine
	for i, s := range states {
		at := [2]string{string(s.Kind), s.Engine}
		groups[at] = append(groups[at], int32(i))
	}
	order := make([][2]string, 0, len(groups))
	for at := range groups {
		order = append(order, at)
	}
	slices.SortFunc(order, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	parallel.Each(len(order), func(i int) {
		slices.SortFunc(groups[order[i]], func(a, b int32) int { return cmp.Compare(states[a].Name, states[b].Name) })
	})
	place := make([]int32, len(states))
	m.states = make([]State, 0, len(states))
	for _, at := range order {
		for _, n := range groups[at] {
			place[n] = int32(len(m.states))
			m.states = append(m.states, states[n])
		}
	}
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
