// Package cond has the conditions of attack steps over the snapshot, and the
// instances that several steps make of what a condition found. A condition answers
// yes, no or unknown, and says which changes end it; package change has those.
package cond
