// Package rehearse runs a copy of a container with other settings, tries whether it
// works, and removes it. It is the one package that starts something: whoever calls it
// has shown a person the [Plan] and been told yes.
//
// The copy reaches nothing of the original: it has no network but its own loopback, no
// published ports, fresh volumes in place of the original's, binds read-only, no restart,
// and none of the labels by which Compose knows its containers.
package rehearse
