package attack

// room is memory that is used for one site after another, so that large hosts leave
// little garbage.
type room struct {
	instances []Instance
	lent      bool     // a step has the instances
	changes   []Change // what is lent; behind it is what is free
	states    []State
	learnt    learnt
}

// roomAtOnce is how many changes or states are made room for at a time.
const roomAtOnce = 256

// lend gives a copy of a list that lasts until the site has been looked at.
func lend[T any](free *[]T, list []T) []T {
	if cap(*free)-len(*free) < len(list) {
		*free = make([]T, 0, max(roomAtOnce, len(list)))
	}
	start := len(*free)
	*free = append(*free, list...)
	return (*free)[start:len(*free):len(*free)]
}

// take is the room for instances, once until it is given back.
func (r *room) take() []Instance {
	if r.lent {
		return nil
	}
	r.lent = true
	return r.instances[:0]
}

// give gives back what a step made of the room for instances, if it took that.
func (r *room) give(instances []Instance) {
	if r.lent && cap(instances) > cap(r.instances) {
		r.instances = instances
	}
	r.lent = false
}

// next makes what was lent free for the next site.
func (r *room) next() {
	r.changes, r.states = r.changes[:0], r.states[:0]
	r.learnt.clear()
}

// Instances is an empty list for the instances that a step finds at the site. It is a
// step's once: others get one of their own.
func (q *Query) Instances() []Instance {
	if q.room == nil {
		return nil
	}
	return q.room.take()
}

// Changes is a list of changes for an instance or a condition of the site.
func (q *Query) Changes(list ...Change) []Change {
	if q.room == nil {
		return append([]Change(nil), list...)
	}
	return lend(&q.room.changes, list)
}

// States is a list of states for an instance of the site.
func (q *Query) States(list ...State) []State {
	if q.room == nil {
		return append([]State(nil), list...)
	}
	return lend(&q.room.states, list)
}
