package attack

// Outline is what a step does in general, in words for people.
type Outline struct {
	// From are the states that it leads from, To those that it leads to: any of them.
	From, To []string
	// Needs are the conditions, Harder those that each make it cost one more.
	Needs, Harder []string
	Changes       []OutlineChange
}

// OutlineChange is a kind of change that ends a step.
type OutlineChange struct {
	// ID is that of its changes, with NAME and DETAIL in place of what it is made to.
	ID, Text string
	Weight   int64
}
