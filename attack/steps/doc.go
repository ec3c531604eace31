// Package steps is the book of attack steps: one file a step, and the conditions
// and changes that they share.
package steps
