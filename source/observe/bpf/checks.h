/* SPDX-License-Identifier: GPL-2.0 OR MIT
 *
 * Capability checks.
 */
#pragma once
#include "recent.h"
#include "arch.h"
#include <bpf/bpf_tracing.h>

/* Numbers of capabilities (include/uapi/linux/capability.h). */
enum { CAP_FSETID = 4, CAP_SETGID = 6, CAP_SETUID = 7, CAP_SETPCAP = 8, CAP_SYS_ADMIN = 21 };

#define NEW_NAMESPACES 0x7e020080ULL /* CLONE_NEW*, of namespaces that SYS_ADMIN is needed for */
#define PF_IO_WORKER 0x10
#define S_ISGID 02000

/* Set before loading. */
const volatile __u8 sample_stacks = 0; /* the hook does not tell of CAP_OPT_NOAUDIT */
const volatile __u32 quiet_functions = 0;
const volatile __u64 quiet_start[16] = {}, quiet_end[16] = {};
/* Which argument tells what a call is about: 1 + its number, and SOCKADDR if it is no path. */
#define SOCKADDR 16
const volatile __u8 telling[MAX_SYSCALL] = {};

/* Checks of capabilities that make no difference to the call that they are made in. */
static __always_inline __u8 aside(int cap, int nr, const struct cred *c, struct pt_regs *r)
{
	__u32 a = ARG0(r), b = ARG1(r), d = ARG2(r);

	if (cap == CAP_FSETID) { /* every chmod by one who is not in the group asks */
		__u32 mode = S_ISGID;
		if (nr == NR_chmod || nr == NR_fchmod)
			mode = b;
		else if (nr == NR_fchmodat || nr == NR_fchmodat2)
			mode = d;
		return mode & S_ISGID ? 0 : ASIDE_NO_EFFECT;
	}
	if (cap == CAP_SETPCAP && nr == NR_capset)
		return ASIDE_NO_EFFECT; /* asked of every capset, matters to inheritable sets that grow */
	if (cap == CAP_SETUID || cap == CAP_SETGID) {
		__u32 real, eff, saved;
		bool group = cap == CAP_SETGID;
		if (group) {
			real = BPF_CORE_READ(c, gid.val);
			eff = BPF_CORE_READ(c, egid.val);
			saved = BPF_CORE_READ(c, sgid.val);
		} else {
			real = BPF_CORE_READ(c, uid.val);
			eff = BPF_CORE_READ(c, euid.val);
			saved = BPF_CORE_READ(c, suid.val);
		}
#define HELD(x) ((x) == ~0U || (x) == real || (x) == eff || (x) == saved)
		if (nr == (group ? NR_setgid : NR_setuid))
			return a == real && a == saved ? ASIDE_NO_EFFECT : 0;
		if (nr == (group ? NR_setresgid : NR_setresuid))
			return HELD(a) && HELD(b) && HELD(d) ? ASIDE_NO_EFFECT : 0;
		if (nr == (group ? NR_setregid : NR_setreuid))
			return (a == ~0U || a == real || a == eff) && HELD(b) ? ASIDE_NO_EFFECT : 0;
	}
	if (cap == CAP_SYS_ADMIN) {
		__u64 flags = ARG0(r);
		switch (nr) {
		case NR_clone3:
			if (bpf_probe_read_user(&flags, sizeof(flags), (void *)ARG0(r)))
				return 0;
			/* fallthrough */
		case NR_clone:
			return flags & NEW_NAMESPACES ? 0 : ASIDE_OVERCOMMIT;
		case -1: case NR_mmap: case NR_mprotect: case NR_munmap: case NR_brk: case NR_mremap: case NR_shmat:
		case NR_fork: case NR_vfork: case NR_execve: case NR_execveat: case NR_exit_group:
			return ASIDE_OVERCOMMIT;
		}
	}
	return 0;
}

/* Looks at the callers of a check: some of them only probe. */
static __noinline int sample(void *ctx, struct cap_val *v)
{
	__u32 zero = 0;
	struct scratch *s = bpf_map_lookup_elem(&scratch, &zero);
	if (!s || !v)
		return 0;
	long n = bpf_get_stack(ctx, s->frames, sizeof(s->frames), 0);
	if (n <= 0)
		return 0;
	__sync_fetch_and_add(&v->samples, 1);
	for (int i = 0; i < 16; i++) {
		if (i * 8 >= n)
			break;
		for (int k = 0; k < 16; k++) {
			if (k >= quiet_functions)
				break;
			if (s->frames[i] >= quiet_start[k] && s->frames[i] < quiet_end[k]) {
				__sync_fetch_and_add(&v->quiet, 1);
				return 0;
			}
		}
	}
	return 0;
}

static __always_inline void read_argument(char *to, __u32 size, int nr, struct pt_regs *r)
{
	if (nr < 0 || nr >= MAX_SYSCALL)
		return;
	__u8 which = telling[nr & (MAX_SYSCALL - 1)], number = which & (SOCKADDR - 1);
	void *from = (void *)(number == 1 ? ARG0(r) : number == 2 ? ARG1(r) : ARG2(r));
	if (which & SOCKADDR)
		bpf_probe_read_user(to, 8, from);
	else if (which)
		bpf_probe_read_user_str(to, size, from);
}

static __always_inline int new_cap(void *ctx, struct task_struct *t, struct mnt_namespace *m, struct cap_key *k, struct pt_regs *r)
{
	struct container *c = container_of_ns(t, m, k->ns);
	if (!c || c->state == IGNORED)
		return 0;
	if (c->caps >= MAX_CAPS) {
		__sync_fetch_and_add(&c->lost_caps, 1);
		return 0;
	}
	__u32 zero = 0;
	struct scratch *s = bpf_map_lookup_elem(&scratch, &zero);
	if (!s)
		return 0;
	struct cap_val *v = &s->v;
	__builtin_memset(v, 0, sizeof(*v));
	v->count = 1;
	v->first = bpf_ktime_get_ns();
	v->pid = observer_pid(t);
	v->inner_pid = inner_pid(t);
	v->uid = (__u32)bpf_get_current_uid_gid();
	bpf_get_current_comm(v->comm, sizeof(v->comm));
	if (!(k->aside & COMPAT)) {
		v->args[0] = ARG0(r);
		v->args[1] = ARG1(r);
		v->args[2] = ARG2(r);
		read_argument(v->text, sizeof(v->text), k->nr, r);
	}
	if (bpf_map_update_elem(&caps, k, v, BPF_NOEXIST)) {
		v = bpf_map_lookup_elem(&caps, k);
		if (!v) {
			__sync_fetch_and_add(&c->lost_caps, 1);
			count_lost(LOST_CAPS);
			return 0;
		}
		__sync_fetch_and_add(&v->count, 1);
	} else {
		__sync_fetch_and_add(&c->caps, 1);
		v = bpf_map_lookup_elem(&caps, k);
	}
	if (sample_stacks && v)
		sample(ctx, v);
	return 0;
}

static __always_inline int handle_cap(void *ctx, const struct cred *cred, struct user_namespace *target, int cap, int denied, bool quiet)
{
	struct task_struct *t = bpf_get_current_task_btf();

	if (cred != t->real_cred)
		return 0; /* overlayfs and access(2) ask as somebody else: not this task's right */
	struct mnt_namespace *m = watched(t);
	if (!m)
		return 0;
	struct pt_regs *r = (void *)bpf_task_pt_regs(t);
	struct cap_key k = { .ns = own_ns_number(m), .cap = cap, .denied = denied, .nr = t->flags & PF_IO_WORKER ? NR_io_uring_enter : CALL(r) };
	if (IS_COMPAT(t))
		k.aside |= COMPAT;
	else if (cap == CAP_FSETID || cap == CAP_SETGID || cap == CAP_SETUID || cap == CAP_SETPCAP || cap == CAP_SYS_ADMIN)
		k.aside |= aside(cap, k.nr, cred, r);
	if (quiet)
		k.aside |= ASIDE_QUIET;
	struct recent_cap *place = recent_cap_of(&k);
	bool often = place && target == m->user_ns && same_check(&place->key, &k) && did(&place->by, t, k.ns);
	if (often && place->waiting < CARRY) {
		place->waiting++;
		return 0;
	}
	bool runtime = is_runtime(t, m);
	bool execve = k.nr == NR_execve || k.nr == NR_execveat;
	/* Every execve asks for SYS_ADMIN when it makes the new stack, so none is missed. */
	if (runtime && t->mm && marked(t) != RUNTIME)
		mark(t, RUNTIME);
	if (runtime && !execve) {
		/* Its first sight of a new container comes before the workload's start. */
		container_of_ns(t, m, k.ns);
		return 0;
	}
	if (target != m->user_ns) {
		/* No right in the container's own user namespace would answer it. */
		struct container *c = bpf_map_lookup_elem(&containers, &k.ns);
		if (c)
			__sync_fetch_and_add(&c->elsewhere, 1);
		return 0;
	}
	if (runtime) {
		/* The runtime's last execve is the workload's first. */
		struct container *c = bpf_map_lookup_elem(&containers, &k.ns);
		k.session = c && c->main ? EXEC : WORKLOAD;
	} else {
		k.session = session_of(t);
	}
	struct cap_val *v = bpf_map_lookup_elem(&caps, &k);
	if (!v)
		return new_cap(ctx, t, m, &k, r);
	__u64 n = v->count, more = 1;
	if (often) {
		more += place->waiting;
		place->waiting = 0;
	} else if (n >= OFTEN && !execve) { /* in an execve the session may be changing */
		keep_cap(place, t, &k);
	}
	__sync_fetch_and_add(&v->count, more);
	if (sample_stacks && (n < OFTEN || (n ^ (n + more)) > n)) /* when n has a binary digit more, too */
		sample(ctx, v);
	return 0;
}

SEC("tp_btf/cap_capable")
int BPF_PROG(cap_tracepoint, const struct cred *cred, struct user_namespace *target, struct user_namespace *in, int cap, int ret)
{
	return handle_cap(ctx, cred, target, cap, ret != 0, false);
}

SEC("fexit/cap_capable")
int BPF_PROG(cap_fexit, const struct cred *cred, struct user_namespace *target, int cap, unsigned int opts, int ret)
{
	return handle_cap(ctx, cred, target, cap, ret != 0, opts & 2);
}

/* Where there are only probes: the arguments wait for the verdict. */
struct waiting { __u64 cred, target; int cap; unsigned int opts; };
HASH(pending, 16384, __u64, struct waiting);

SEC("kprobe/cap_capable")
int BPF_KPROBE(cap_kprobe, const struct cred *cred, struct user_namespace *target, int cap, unsigned int opts)
{
	if (!watched(bpf_get_current_task_btf()))
		return 0;
	__u64 id = bpf_get_current_pid_tgid();
	struct waiting w = { (__u64)cred, (__u64)target, cap, opts };
	if (bpf_map_update_elem(&pending, &id, &w, BPF_ANY))
		count_lost(LOST_CAPS);
	return 0;
}

SEC("kretprobe/cap_capable")
int BPF_KRETPROBE(cap_kretprobe, int ret)
{
	__u64 id = bpf_get_current_pid_tgid();
	struct waiting *p = bpf_map_lookup_elem(&pending, &id);

	if (!p)
		return 0;
	struct waiting w = *p;
	bpf_map_delete_elem(&pending, &id);
	return handle_cap(ctx, (void *)w.cred, (void *)w.target, w.cap, ret != 0, w.opts & 2);
}
