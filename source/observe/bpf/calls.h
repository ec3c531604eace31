/* SPDX-License-Identifier: GPL-2.0 OR MIT
 *
 * System calls.
 */
#pragma once
#include "recent.h"
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
	__u64 ns = own_ns_number(m);
	__u32 zero = 0;
	struct recent_calls *place = bpf_map_lookup_elem(&recent_calls, &zero);
	bool known = place && did(&place->by, t, ns);
	if (known && nr >= 0 && nr < MAX_SYSCALL && !IS_COMPAT(t) && (place->seen[(nr >> 6) & 7] & (1ULL << (nr & 63))))
		return 0;
	struct sys_key k = { .ns = ns, .session = session_of(t) };
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
	if (is_runtime(t, m)) {
		if (t->seccomp.mode == 2) /* before its filter the runtime may do what it likes */
			v->runtime[i] = 1;
		return 0;
	}
	v->seen[i] = 1;
	if (!place)
		return 0;
	if (!known) {
		__builtin_memset(place->seen, 0, sizeof(place->seen));
		keep_actor(&place->by, t, ns);
	}
	place->seen[(i >> 6) & 7] |= 1ULL << (i & 63);
	return 0;
}
