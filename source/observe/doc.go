// Package observe watches in the kernel (eBPF) what containers ask it for: capability
// checks with their answers, system calls, sockets, changes of files. The kernel counts and keeps
// the first of each kind; this package reads the counts now and then, finds out which
// container each mount namespace belongs to, and makes an [observation.Observation].
//
// It needs Linux 5.15 with BTF on x86-64 or arm64, and root or CAP_BPF with CAP_PERFMON. Nothing
// of it stays in the kernel when the process ends, however it ends: programs, maps and
// links are held by descriptors.
//
// A container is a mount namespace with a number that is never reused. Its id is in the
// name of its cgroup, read in the kernel when it is first seen, so that containers that
// have ended still have one. Where the engine manages no cgroups (rootless on cgroup
// v1), it is in the mounts of the container's /etc/hostname.
//
// What the runtime does while it sets up a container is left out: it runs a program
// that lies on no mount of the container. A workload that runs a program from memory
// (memfd) looks the same, and is left out too.
package observe
