package attack

import "slices"

// batch is what was found at some sites. In its moves states, sites and changes
// have the batch's own numbers.
type batch struct {
	book    *Book
	sites   []*Site
	states  []State  // each once of a site, for the most part
	changes []Change // each once of a site
	moves   moves

	room room
	// Of the site that is looked at: what conditions answered, and where its states and
	// its changes begin.
	memo              []memo
	query             Query
	firstState, first int
}

// memo is what a condition answered, and the changes that end it. Its zero value
// says that it was not asked.
type memo struct {
	asked, ended bool
	truth        Truth
	ends         []int32
}

func newBatch(b *Book) *batch {
	return &batch{book: b, memo: make([]memo, len(b.conds))}
}

// clear makes a batch empty, its memory kept.
func (t *batch) clear() {
	clear(t.sites)
	t.sites, t.states, t.changes = t.sites[:0], t.states[:0], t.changes[:0]
	t.moves = moves{t.moves.list[:0], t.moves.from[:0], t.moves.ends[:0]}
}

// look finds the moves of all steps at some sites.
func (t *batch) look(places []place) {
	for _, p := range places {
		for i := range t.memo {
			t.memo[i] = memo{ends: t.memo[i].ends[:0]}
		}
		t.sites, t.firstState, t.first = append(t.sites, p.site), len(t.states), len(t.changes)
		t.room.next()
		p.site.room = &t.room
		for _, s := range t.book.at[p.kind] {
			t.try(s, p.site)
		}
		p.site.forget() // it is asked for again where a move is shown
	}
}

// try finds the moves of a step at a site.
func (t *batch) try(s *compiled, site *Site) {
	looked := false
	var instances []Instance
	for way, conds := range s.ways {
		truth := t.all(site, conds)
		if truth == No {
			continue
		}
		if !looked && s.Each != nil {
			instances = s.Each(t.ask(site))
			looked = true
		}
		v := move{step: s.number, site: int32(len(t.sites) - 1), way: uint16(way), cost: uint8(min(s.Cost+t.count(site, s.harder), maxCost)), possible: truth == Unknown, instance: none}
		if s.Each == nil {
			t.add(s, site, v, &Instance{})
		}
		for i := range instances {
			v.instance = int32(i)
			t.add(s, site, v, &instances[i])
		}
	}
	t.room.give(instances)
}

// all is the answer of conditions that are all needed.
func (t *batch) all(site *Site, conds []int) Truth {
	truth := Yes
	for _, n := range conds {
		if truth = min(truth, t.answer(site, n)); truth == No {
			return No
		}
	}
	return truth
}

// ask is a query of a site. It ends the one before.
func (t *batch) ask(site *Site) *Query {
	t.query = Query{Site: site, brief: true}
	return &t.query
}

// answer answers a condition, once for each site.
func (t *batch) answer(site *Site, n int) Truth {
	m := &t.memo[n]
	if !m.asked {
		m.asked, m.truth = true, t.book.conds[n].Ask(t.ask(site))
	}
	return m.truth
}

// count is how many of the conditions surely hold.
func (t *batch) count(site *Site, conds []int) int {
	n := 0
	for _, c := range conds {
		if t.answer(site, c) == Yes {
			n++
		}
	}
	return n
}

// ends are the changes that end a condition, worked out once for each site.
func (t *batch) ends(site *Site, n int) []int32 {
	m := &t.memo[n]
	if end := t.book.conds[n].Ends; end != nil && !m.ended {
		for _, c := range end(t.ask(site)) {
			m.ends = append(m.ends, t.change(c))
		}
	}
	m.ended = true
	return m.ends
}

// add adds a move, with its states and the changes that end it.
func (t *batch) add(s *compiled, site *Site, v move, i *Instance) {
	from, to := i.From, i.To
	if from.Kind == "" {
		from = site.State(s.From)
	}
	if to.Kind == "" {
		to = site.State(s.To)
	}
	if s.Own && from.Kind == LocalUser {
		from.Kind = Account
	}
	if to.Kind == LocalUser {
		to.Kind = Account
	}
	m := &t.moves
	m.from = append(m.from, t.state(from))
	for _, with := range i.With {
		m.from = append(m.from, t.state(with))
	}
	start := len(m.ends)
	for _, c := range i.Ends {
		m.ends = append(m.ends, t.change(c))
	}
	for _, n := range s.ways[v.way] {
		m.ends = append(m.ends, t.ends(site, n)...)
	}
	slices.Sort(m.ends[start:])
	m.ends = m.ends[:start+len(slices.Compact(m.ends[start:]))]
	v.to = t.state(to)
	v.cost = uint8(min(int(v.cost)+i.Cost, maxCost))
	v.possible = v.possible || i.Unknown
	m.close(v)
}

// maxCost is the cost of a move that takes research.
const maxCost = 5

// few is how many states of a site are looked through for one.
const few = 16

// state is the number of a state, one of several where a site has many: they are found
// to be the same when batches are joined.
func (t *batch) state(s State) int32 {
	for n := t.firstState; n < min(t.firstState+few, len(t.states)); n++ {
		if t.states[n] == s {
			return int32(n)
		}
	}
	t.states = append(t.states, s)
	return int32(len(t.states) - 1)
}

// change is the number of a change at the site.
func (t *batch) change(c Change) int32 {
	for i := t.first; i < len(t.changes); i++ {
		if t.changes[i] == c {
			return int32(i)
		}
	}
	t.changes = append(t.changes, c)
	return int32(len(t.changes) - 1)
}
