// Package netstack reads network namespaces as their kernel knows them:
// interfaces, settings, listening sockets, and which way packets take.
//
// It enters a namespace with a thread of its own and asks there; it executes
// nothing in it, and changes nothing. The kernel loads tcp_diag and udp_diag by
// itself where they are modules and nobody has listed sockets before.
package netstack
