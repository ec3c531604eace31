// Package auditrule reads the rules of the kernel's audit log: those in force,
// from the kernel, and those to be loaded at boot, from the files of auditd.
//
// It asks the kernel for what it has and never changes it.
package auditrule
