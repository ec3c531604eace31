// Package attack tells how an attack on a host could go: which moves an attacker
// has there, what they lead to, and which changes end them.
//
// A [Step] is one kind of move, like a rule: its conditions over the snapshot,
// its reason, its cost, and the changes that remove it. A [Model] is what the
// steps of a [Book] find in a snapshot: states, and the moves between them. Its
// questions are answered by package graph.
//
// Every condition is yes, no or unknown. A move that rests on facts nobody saw is
// possible: it is kept apart from those that are certain, and never left out.
//
// The package is pure. It knows no source and prints nothing.
package attack
