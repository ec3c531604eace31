// Package prove looks on the running host whether an access is there, without using
// it: by what the kernel tells of a process below /proc, and by asking it, as the one
// who would have the access, whether a file may be read or written (faccessat2).
// Where that is wanted, sockets are connected to as well; nothing is sent but the
// greeting of package greet to an engine's API.
//
// Nothing is opened but directories and files below /proc, nothing is written,
// mounted, traced or executed in a container, and no signal is sent.
//
// What is asked as somebody else is asked by a child of this process: the program
// starts itself again, enters the root directory of the one who is asked for, takes
// on user, groups, capabilities and bounding set, in a user namespace with the same
// numbers where that one has a namespace of its own, and makes the one system call.
// It does not take on the filter of system calls nor the label of a security module:
// those are looked at by themselves.
package prove
