// Package netstack reads network namespaces as their kernel knows them:
// interfaces, settings, listening sockets, and which way packets take.
//
// It enters a namespace with a thread of its own and asks there; it executes
// nothing in it, and changes nothing. The kernel loads tcp_diag and udp_diag by
// itself where they are modules and nobody has listed sockets before.
//
// What it costs, on two processors shared with other work
// (go test ./source/netstack -run xxx -bench . -benchmem):
//
//	a host and its 100 containers         110–250 ms
//	1,000 questions about routes            9–37 ms
//	10 listeners among 10,000 connections  0.1–0.4 ms
//	10,000 listeners                       13–36 ms
package netstack
