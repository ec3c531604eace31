// Package snapshot is the model of one host at one time: every fact that was
// seen, where it was read, and every fact that could not be read and why.
//
// It holds data only. Sources fill it; rules, the attack graph and reports
// read it. It does no I/O apart from encoding itself, and everything computed
// from a snapshot is a pure function of it: the same snapshot gives the same
// output, byte for byte.
//
// Values that may be secrets never enter a snapshot: sources pass them through
// the redaction of this package first (see [RedactEnv], [RedactArgs],
// [RedactURL]).
package snapshot
