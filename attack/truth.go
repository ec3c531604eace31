package attack

// Truth is the answer of a condition.
type Truth uint8

// The answers, in order: of several conditions that are all needed the least
// counts, of alternatives the greatest.
const (
	No      Truth = iota
	Unknown       // a fact that decides was not seen
	Yes
)

// Sure makes an answer of a value that was seen.
func Sure(holds bool) Truth {
	if holds {
		return Yes
	}
	return No
}

// Not is the opposite of an answer.
func Not(t Truth) Truth { return Yes - t }

// String is the answer in words.
func (t Truth) String() string { return [...]string{"no", "unknown", "yes"}[t] }
