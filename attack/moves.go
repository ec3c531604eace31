package attack

// move is a move in numbers. Its states and changes stand in the lists of [moves].
type move struct {
	step     int32 // of the book; none: whoever took an account over acts as the user
	site     int32
	instance int32 // none: the site itself
	to       int32
	from     int32 // where its lists end
	ends     int32
	way      uint16
	cost     uint8
	possible bool
}

// none stands for a number where there is none.
const none = -1

// moves are many moves.
type moves struct {
	list []move
	from []int32 // states
	ends []int32 // changes
}

// close adds a move whose states and changes are at the ends of the lists.
func (m *moves) close(v move) {
	v.from, v.ends = int32(len(m.from)), int32(len(m.ends))
	m.list = append(m.list, v)
}

// fromOf are the states that a move needs.
func (m *moves) fromOf(n int32) []int32 {
	if n == 0 {
		return m.from[:m.list[0].from]
	}
	return m.from[m.list[n-1].from:m.list[n].from]
}

// endsOf are the changes that end a move, rising and each once.
func (m *moves) endsOf(n int32) []int32 {
	if n == 0 {
		return m.ends[:m.list[0].ends]
	}
	return m.ends[m.list[n-1].ends:m.list[n].ends]
}

// append adds the moves of others, whose numbers begin anew.
func (m *moves) append(o *moves, state []int32, site, change int32) {
	from, ends := int32(len(m.from)), int32(len(m.ends))
	for _, v := range o.list {
		v.to, v.site = state[v.to], v.site+site
		v.from, v.ends = v.from+from, v.ends+ends
		m.list = append(m.list, v)
	}
	for _, s := range o.from {
		m.from = append(m.from, state[s])
	}
	for _, c := range o.ends {
		m.ends = append(m.ends, c+change)
	}
}

// of is the step of a move, which is one of a book.
func (v *move) of(b *Book) *Step { return b.steps[v.step].Step }
