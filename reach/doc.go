// Package reach tells who can open a connection to what, over the network
// namespaces of a host and its containers.
//
// A connection is followed from the sender's namespace over links and bridges
// to the receiver: in each namespace through its packet filters (package
// [seawall/reach/filter]) and its routes, there and back, and at the end to a
// socket that listens. What leaves what was read, or passes where no rule of
// what was read applies, is unknown, and says why.
//
// Which routes must be known is found by following connections: what a walk had
// to ask and was not asked yet are the questions. A collector asks them of the
// kernels, learns the answers and repeats that until there are none:
//
//	n := reach.New(world)
//	for q := n.Questions(connections); len(q) > 0; q = n.Questions(connections) {
//		for namespace, routes := range q {
//			n.Learn(namespace, ask(namespace, routes))
//		}
//	}
//
// Senders use the source address that their kernel chooses, and send ordinary
// packets. Routes are asked for without a port: routing rules for ports are not
// seen.
//
// Everything here is a pure function of its arguments.
package reach
