// Package graph answers questions about attack paths: what an attacker gets to,
// the cheapest way there, really different ways, and the cheapest set of changes
// after which there is none.
//
// It knows nothing of what its numbers mean. A [State] is something that an
// attacker has, a [Move] gets a further one from those it needs, and a [Change]
// ends some moves. More states never make fewer moves possible, so what can be
// had is a least fixpoint and each question but the cheapest set is answered in
// about linear time.
//
// The cheapest set of changes is a hard problem (a minimum label cut). It is
// solved as a weighted hitting set: of each way to a target, one change at least
// must be made. Ways are added as long as a set misses one; package hitting
// finds the sets. An answer always cuts; whether it is the cheapest is said.
//
// All answers depend on the input alone, but for a cut that its context ended.
package graph
