// Package runline reads a docker run or docker create command line and tells
// which container it would make, without running it and without an engine.
//
// It knows the flags of the Docker CLI from 20.10 to 29. Files that a line
// names (--env-file, a seccomp profile) are not opened, and variables of the
// shell are taken from the [Environment] only; a fact that depends on one that
// is not known becomes a gap of reason unresolved.
package runline
