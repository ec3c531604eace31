/* SPDX-License-Identifier: GPL-2.0 OR MIT
 *
 * System calls.
 */
#pragma once
#include "container.h"
#include "arch.h"
#include <bpf/bpf_tracing.h>

static const struct sys_val no_syscalls = {};

SEC("tp_btf/sys_enter")
int BPF_PROG(system_call, struct pt_regs *regs, long nr)
{
	struct task_struct *t = bpf_get_current_task_btf();
	struct mnt_namespace *m = watched(t);

	if (!m)
		return 0;
	struct sys_key k = { .ns = own_ns_number(m), .session = session_of(t) };
	struct sys_val *v = bpf_map_lookup_elem(&syscalls, &k);
	if (!v) {
		struct container *c = container_of_ns(t, m, k.ns);
		if (!c || c->state == IGNORED)
			return 0;
		bpf_map_update_elem(&syscalls, &k, &no_syscalls, BPF_NOEXIST);
		v = bpf_map_lookup_elem(&syscalls, &k);
		if (!v) {
			__sync_fetch_and_add(&c->lost_syscalls, 1);
			count_lost(LOST_SYSCALLS);
			return 0;
		}
	}
	if (IS_COMPAT(t)) {
		v->compat++;
		return 0;
	}
	if (nr < 0 || nr >= MAX_SYSCALL) {
		v->foreign++;
		return 0;
	}
	__u32 i = nr & (MAX_SYSCALL - 1);
	if (v->seen[i])
		return 0;
	if (!is_runtime(t, m))
		v->seen[i] = 1;
	else if (t->seccomp.mode == 2) /* before its filter the runtime may do what it likes */
		v->runtime[i] = 1;
	return 0;
}
