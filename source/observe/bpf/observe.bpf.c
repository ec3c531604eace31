// SPDX-License-Identifier: GPL-2.0 OR MIT
//
// What containers ask the kernel for, counted in the kernel: capability checks, system
// calls, sockets, files. A container is a mount namespace; user space names it by the
// cgroup that is read here, or by the process that was first seen in it.
#include "rows.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* bpf2go makes Go types of what is referred to here. */
const struct event *unused_event __attribute__((unused));

#include "checks.h"
#include "calls.h"
#include "tasks.h"
#include "sockets.h"
#include "files.h"
