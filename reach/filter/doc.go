// Package filter follows a new connection, and its reply, through the packet
// filters of one network namespace, and tells whose connections get through.
//
// The sender is a set of addresses, with any port, which conditions cut into
// parts; all else about the packet is one value, or not known. A condition
// answers yes, no or maybe. A rule that is maybe is followed both ways: where
// both end alike the verdict stands, else it is [Unknown] and names the rule. So
// an answer of [Open] or [Blocked] holds whatever the parts do that are not
// understood.
//
// The packets are ordinary ones: a connection over TCP begins with SYN and is
// answered by SYN and ACK, and none has an extension header of IPv6.
//
// Routing is not modelled: a [Router] is asked.
//
// Everything here is a pure function of its arguments.
package filter
