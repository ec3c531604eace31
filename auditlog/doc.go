// Package auditlog tells what the kernel's audit log records of a file or
// directory, by the rules that are in force: which kinds of access, for whom,
// and what keeps the rest out of it. It looks at [snapshot.Audit] values only
// and does no I/O.
//
// The kernel tries the rules of a filter in the order in which it lists them,
// and the first that fits decides (kernel/auditfilter.c gives them priorities in
// this order, kernel/auditsc.c, audit_filter_rules, compares those). A rule
// about a path holds for the file of that name, also a new one; links above the
// name are followed when the rule is loaded, the name itself is not
// (kernel/audit_watch.c, kern_path_locked; kernel/audit_tree.c). A rule about a
// directory holds for all below it on the file systems that were mounted when
// it was loaded. All of this was tried on Linux 6.12. Programs of 32 bits are
// not asked for, nor what is done by way of io_uring, for which the kernel has
// a filter of its own.
package auditlog
