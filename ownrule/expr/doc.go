// Package expr evaluates CEL expressions over a snapshot.
//
// The types of an expression are those of the snapshot, found by reflection,
// under the names they have in its JSON. A fact is seen through: a
// Fact[string] is a string. Reading one leaves evidence with the [Reader];
// reading one that has no value gives an error, which CEL carries as it carries
// what is not known: false && error is false, and an error that decides stays
// one. So an answer never rests on a fact that nobody saw.
//
// Expressions are pure: they see the snapshot and nothing else, and each
// evaluation is bounded by its cost.
package expr
