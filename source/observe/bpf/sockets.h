/* SPDX-License-Identifier: GPL-2.0 OR MIT
 *
 * TCP sockets.
 */
#pragma once
#include "container.h"
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_endian.h>

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(socket_state, struct sock *sk, int before, int now)
{
	if (now != 10 /* TCP_LISTEN */ && now != 2 /* TCP_SYN_SENT */)
		return 0;
	struct task_struct *t = bpf_get_current_task_btf();
	struct mnt_namespace *m = watched(t);
	if (!m || is_runtime(t, m))
		return 0;
	struct sock_key k = { .ns = ns_number(m), .session = session_of(t) };
	k.family = sk->__sk_common.skc_family;
	k.protocol = sk->sk_protocol;
	if (now == 10) {
		k.kind = LISTEN;
		k.port = sk->__sk_common.skc_num;
		if (k.family == 10)
			bpf_probe_read_kernel(k.addr, 16, &sk->__sk_common.skc_v6_rcv_saddr);
		else
			*(__u32 *)k.addr = sk->__sk_common.skc_rcv_saddr;
	} else {
		k.kind = CONNECT;
		k.port = bpf_ntohs(sk->__sk_common.skc_dport);
		if (k.family == 10)
			bpf_probe_read_kernel(k.addr, 16, &sk->__sk_common.skc_v6_daddr);
		else
			*(__u32 *)k.addr = sk->__sk_common.skc_daddr;
	}
	struct sock_val *v = bpf_map_lookup_elem(&sockets, &k);
	if (v) {
		__sync_fetch_and_add(&v->count, 1);
		return 0;
	}
	struct container *c = container_of_ns(t, m, k.ns);
	if (!c || c->state == IGNORED)
		return 0;
	if (c->sockets >= MAX_SOCKETS) {
		__sync_fetch_and_add(&c->lost_sockets, 1);
		return 0;
	}
	struct sock_val n = { .count = 1, .first = bpf_ktime_get_ns(), .pid = observer_pid(t), .inner_pid = inner_pid(t) };
	bpf_get_current_comm(n.comm, sizeof(n.comm));
	if (bpf_map_update_elem(&sockets, &k, &n, BPF_NOEXIST)) {
		v = bpf_map_lookup_elem(&sockets, &k);
		if (v) {
			__sync_fetch_and_add(&v->count, 1);
		} else {
			__sync_fetch_and_add(&c->lost_sockets, 1);
			count_lost(LOST_SOCKETS);
		}
		return 0;
	}
	__sync_fetch_and_add(&c->sockets, 1);
	return 0;
}
