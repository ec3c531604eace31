/* SPDX-License-Identifier: GPL-2.0 OR MIT
 *
 * Sockets: where TCP and UDP are listened on, how many connections come in there, and to
 * where connections are begun.
 */
#pragma once
#include "container.h"
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_endian.h>

#define AF_INET 2
#define AF_INET6 10
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define SOCK_BINDPORT_LOCK 8 /* bind(2) named the port */
enum { TCP_ESTABLISHED = 1, TCP_SYN_SENT = 2, TCP_SYN_RECV = 3, TCP_CLOSE = 7, TCP_LISTEN = 10 };

static __always_inline void local_address(__u8 *to, struct sock *sk)
{
	if (sk->__sk_common.skc_family == AF_INET6)
		bpf_probe_read_kernel(to, 16, &sk->__sk_common.skc_v6_rcv_saddr);
	else
		*(__u32 *)to = sk->__sk_common.skc_rcv_saddr;
}

static __always_inline struct listener_key listener_of(struct sock *sk)
{
	struct listener_key k = {
		.net = (__u64)sk->__sk_common.skc_net.net, .family = sk->__sk_common.skc_family, .port = sk->__sk_common.skc_num,
	};

	local_address(k.addr, sk);
	return k;
}

static __always_inline int lost_socket(struct container *c)
{
	__sync_fetch_and_add(&c->lost_sockets, 1);
	count_lost(LOST_SOCKETS);
	return 0;
}

/* Lets the connections be counted that come in where a socket listens. */
static __always_inline int count_accepted(struct container *c, struct sock *sk, struct sock_key *k)
{
	struct listener_key l = listener_of(sk);

	if (k->kind != LISTEN || k->protocol != IPPROTO_TCP)
		return 0;
	if (c->listeners >= MAX_LISTENERS)
		return lost_socket(c);
	if (!bpf_map_update_elem(&listeners, &l, k, BPF_NOEXIST))
		__sync_fetch_and_add(&c->listeners, 1);
	else if (bpf_map_update_elem(&listeners, &l, k, BPF_EXIST))
		return lost_socket(c);
	return 0;
}

/* Keeps a socket of a task. If again is 0 it may be one that was kept before. */
static __always_inline int keep_socket(struct task_struct *t, struct mnt_namespace *m, struct sock *sk, struct sock_key *k, __u64 again)
{
	struct sock_val *v = bpf_map_lookup_elem(&sockets, k);

	if (v)
		__sync_fetch_and_add(&v->count, again);
	if (v && (!again || k->kind != LISTEN))
		return 0;
	struct container *c = container_of_ns(t, m, k->ns);
	if (!c || c->state == IGNORED)
		return 0;
	if (v)
		return count_accepted(c, sk, k);
	if (c->sockets >= MAX_SOCKETS) {
		__sync_fetch_and_add(&c->lost_sockets, 1);
		return 0;
	}
	struct sock_val n = { .count = 1, .first = bpf_ktime_get_ns(), .pid = observer_pid(t), .inner_pid = inner_pid(t) };
	bpf_core_read(n.comm, sizeof(n.comm), &t->comm);
	if (bpf_map_update_elem(&sockets, k, &n, BPF_NOEXIST)) {
		v = bpf_map_lookup_elem(&sockets, k);
		if (!v)
			return lost_socket(c);
		__sync_fetch_and_add(&v->count, 1);
		return 0;
	}
	__sync_fetch_and_add(&c->sockets, 1);
	return count_accepted(c, sk, k);
}

/* A connection came in: at no time of whoever listens. */
static __always_inline int accepted(struct sock *sk)
{
	struct listener_key l = listener_of(sk);
	struct sock_key *k = bpf_map_lookup_elem(&listeners, &l);

	if (!k) {
		__builtin_memset(l.addr, 0, sizeof(l.addr));
		k = bpf_map_lookup_elem(&listeners, &l);
	}
	struct sock_val *v = k ? bpf_map_lookup_elem(&sockets, k) : 0;
	if (v)
		__sync_fetch_and_add(&v->accepted, 1);
	return 0;
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(socket_state, struct sock *sk, int before, int now)
{
	if (before == TCP_SYN_RECV && now == TCP_ESTABLISHED)
		return accepted(sk);
	if (now != TCP_LISTEN && now != TCP_SYN_SENT)
		return 0;
	struct task_struct *t = bpf_get_current_task_btf();
	struct mnt_namespace *m = watched(t);
	if (!m || is_runtime(t, m))
		return 0;
	struct sock_key k = { .ns = ns_number(m), .session = session_of(t) };
	k.family = sk->__sk_common.skc_family;
	k.protocol = sk->sk_protocol;
	if (now == TCP_LISTEN) {
		k.kind = LISTEN;
		k.port = sk->__sk_common.skc_num;
		local_address(k.addr, sk);
	} else {
		k.kind = CONNECT;
		k.port = bpf_ntohs(sk->__sk_common.skc_dport);
		if (k.family == AF_INET6)
			bpf_probe_read_kernel(k.addr, 16, &sk->__sk_common.skc_v6_daddr);
		else
			*(__u32 *)k.addr = sk->__sk_common.skc_daddr;
	}
	return keep_socket(t, m, sk, &k, 1);
}

/* Walks over all open files: sockets that are bound to a port, also those that were before
 * anybody watched. UDP sockets have no state that would tell of them when it changes. */
SEC("iter/task_file")
int walk_sockets(struct bpf_iter__task_file *ctx)
{
	struct task_struct *t = ctx->task;
	struct file *file = ctx->file;
	if (!file)
		return 0;
	struct mnt_namespace *m = walked(t);
	if (!m || is_runtime(t, m))
		return 0;
	struct socket *s = bpf_sock_from_file(file);
	struct sock *sk = s ? s->sk : 0;
	if (!sk)
		return 0;
	struct sock_key k = { .ns = ns_number(m), .kind = LISTEN, .session = session_of(t) };
	k.family = sk->__sk_common.skc_family;
	k.port = sk->__sk_common.skc_num;
	k.protocol = sk->sk_protocol;
	if (k.family != AF_INET && k.family != AF_INET6)
		return 0;
	bool listens = k.protocol == IPPROTO_TCP && sk->__sk_common.skc_state == TCP_LISTEN;
	bool bound = k.protocol == IPPROTO_UDP && BPF_CORE_READ_BITFIELD_PROBED(sk, sk_userlocks) & SOCK_BINDPORT_LOCK;
	if (!listens && !bound)
		return 0;
	local_address(k.addr, sk);
	return keep_socket(t, m, sk, &k, 0);
}
