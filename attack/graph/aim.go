package graph

import "seawall/parallel"

// aimed is how many numbers are kept at most to aim a search: one for each target
// and state.
const aimed = 1 << 20

// aim makes a search leave out what does not make a target cheaper than it is known
// to be, unless there are too many targets.
//
// What a state costs from there on is no less than where every move needed only one
// of its states.
func (s *Search) aim(targets []State) {
	if len(targets)*s.g.states > aimed {
		return
	}
	s.ahead = make([][]int64, len(targets))
	parallel.Each(len(targets), func(k int) {
		back := newBackward(s.g)
		back.any = true
		back.from(targets[k])
		s.ahead[k] = back.costs
	})
}

// promises says whether a state that is had for a cost may make a target cheaper.
func (s *Search) promises(state State, cost int64) bool {
	for k, known := range s.known {
		if on := s.ahead[k][state]; on >= 0 && (known < 0 || cost+on < known) {
			return true
		}
	}
	return false
}
