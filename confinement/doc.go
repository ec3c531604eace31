// Package confinement answers what really holds a container: its effective
// capabilities, system call filter, security module and user, and whose
// namespaces it is in. It puts together what the container asked for, what the
// engine gives by default and what the kernel shows of the process.
//
// All functions are pure. They read facts through a [snapshot.Witness], so what
// they rest on becomes evidence and what they could not read is recorded.
//
// Where the kernel and the settings differ, the kernel is right. For a running
// container whose process cannot be read, a fault in the settings still counts,
// and its absence is recorded as not known.
package confinement
