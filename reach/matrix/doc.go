// Package matrix tells for a whole machine who can open a connection to what:
// from outside, from the machine and from each container to the Engine API, to
// published ports, and to each container.
//
// Senders that behave alike are one source, and receivers one target, so that
// the work grows with the number of kinds, not of containers. What is not known
// is unknown, with the reason.
//
// Of a snapshot without the network namespaces of containers, a container is
// what comes by its bridge with its address: what the host's rules and routes say
// to that is known, and what it may be kept from by its own is not.
package matrix
