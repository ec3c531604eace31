// SPDX-License-Identifier: GPL-2.0 OR MIT
//
// What containers ask the kernel for, counted in the kernel: capability checks, system
// calls, sockets. A container is a mount namespace; user space names it by the cgroup that
// is read here, or by the process that was first seen in it.
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Numbers of capabilities (include/uapi/linux/capability.h). */
enum { CAP_FSETID = 4, CAP_SETGID = 6, CAP_SETUID = 7, CAP_SETPCAP = 8, CAP_SYS_ADMIN = 21 };

/* Numbers of system calls of x86-64. */
enum {
	NR_mmap = 9, NR_mprotect = 10, NR_munmap = 11, NR_brk = 12, NR_mremap = 25, NR_shmat = 30,
	NR_clone = 56, NR_fork = 57, NR_vfork = 58, NR_execve = 59, NR_chmod = 90, NR_fchmod = 91,
	NR_setuid = 105, NR_setgid = 106, NR_setreuid = 113, NR_setregid = 114, NR_setresuid = 117,
	NR_setresgid = 119, NR_capset = 126, NR_exit_group = 231, NR_fchmodat = 268, NR_execveat = 322,
	NR_io_uring_enter = 426, NR_clone3 = 435, NR_fchmodat2 = 452,
};
#define NEW_NAMESPACES 0x7e020080ULL /* CLONE_NEW*, of namespaces that SYS_ADMIN is needed for */
#define PF_IO_WORKER 0x10
#define TS_COMPAT 2
#define S_ISGID 02000

/* What is known of a check beyond its answer. */
enum {
	ASIDE_NO_EFFECT = 1,  /* the answer makes no difference to this call */
	ASIDE_OVERCOMMIT = 2, /* memory is reckoned up; a refusal goes unnoticed */
	ASIDE_QUIET = 4,      /* asked with CAP_OPT_NOAUDIT: a probe */
	COMPAT = 8,           /* a 32-bit system call: nr is another table's */
};

/* Who did it: the container's own processes, or what was brought in by docker exec. RUNTIME
 * is never who did it, it marks a process that is about to become one of the others. */
enum { WORKLOAD = 0, EXEC = 1, RUNTIME = 2 };

enum { WATCHED = 0, IGNORED = 1 };

/* Most rows of one container; with the sizes of rows they bound its memory. */
#define MAX_CAPS 96
#define MAX_SOCKETS 96
#define MAX_SYSCALL 512

struct container {
	__u64 first, started; /* CLOCK_MONOTONIC, ns; started is 0 if it ran before */
	__u64 main_start;     /* when main was started, CLOCK_BOOTTIME, ns */
	__u64 alive;          /* number of the last walk that came upon a task of it */
	__u64 bounding;       /* the bounding set of main; 0 until main is known */
	__u32 inum;           /* of the mount namespace */
	__u32 pid;            /* a process of it, in the observer's pid namespace; 0: none */
	__u32 main;           /* the process that it was started for, by the kernel's number */
	__u32 state;          /* WATCHED or IGNORED, set by user space */
	__u32 execs;
	__u32 caps, sockets;  /* rows in use */
	__u32 lost_caps, lost_sockets, lost_syscalls; /* events that found no room */
	__u32 elsewhere;      /* checks against another user namespace, not kept */
	__u32 named;          /* length of inner */
	char inner[96], outer[96]; /* cgroups of 64 characters or more: the innermost, and the outermost */
};

struct cap_key {
	__u64 ns;
	__u8 cap, denied, aside, session;
	__s32 nr;
};
struct cap_val {
	__u64 count, first, last;
	__u64 args[3];
	__u32 pid, inner_pid, uid;
	__u32 samples, quiet; /* stacks looked at, and those that told of a probe */
	char comm[16];
	char text[96]; /* the argument that tells what the call is about */
};

/* One byte a system call: a write needs no atomic. */
struct sys_key { __u64 ns; __u64 session; };
struct sys_val {
	__u8 seen[MAX_SYSCALL];
	__u8 runtime[MAX_SYSCALL]; /* by the runtime while its filter was in force */
	__u64 compat, foreign;     /* 32-bit calls; numbers beyond the table */
};

enum { LISTEN = 1, CONNECT = 2 };
struct sock_key {
	__u64 ns;
	__u8 kind, session;
	__u16 family, port, protocol;
	__u8 addr[16];
};
struct sock_val { __u64 count, first; __u32 pid, inner_pid; char comm[16]; };

enum { NEW = 1, STARTED = 2 };
/* The process that was started and its parent, the runtime's shim; 0 where the cgroup names
 * the container. */
struct event { __u64 ns; __u32 kind, pid, parent, unused; };

enum { LOST_CONTAINERS, LOST_CAPS, LOST_SYSCALLS, LOST_SOCKETS, LOST_EVENTS, LOST_SESSIONS, COUNTERS };

#define HASH(name, entries, k, v) struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, entries); __type(key, k); __type(value, v); } name SEC(".maps")
HASH(containers, 2048, __u64, struct container);
HASH(caps, 32768, struct cap_key, struct cap_val);
HASH(syscalls, 2048, struct sys_key, struct sys_val);
HASH(sockets, 16384, struct sock_key, struct sock_val);
struct { __uint(type, BPF_MAP_TYPE_TASK_STORAGE); __uint(map_flags, BPF_F_NO_PREALLOC); __type(key, int); __type(value, __u64); } sessions SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 64 << 10); } events SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __uint(max_entries, COUNTERS); __type(key, __u32); __type(value, __u64); } lost SEC(".maps");
struct scratch { struct container c; struct cap_val v; __u64 frames[16]; };
struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __uint(max_entries, 1); __type(key, __u32); __type(value, struct scratch); } scratch SEC(".maps");

/* The observer, told by itself before all else. */
__u64 self_ns = 0, self_pid_ns = 0;
__u32 self_inum = 0, self_level = 0;
/* The number of this walk over all tasks. */
__u64 walk = 0;

/* Set before loading. */
const volatile __u8 sample_stacks = 0; /* the hook does not tell of CAP_OPT_NOAUDIT */
const volatile __u32 quiet_functions = 0;
const volatile __u64 quiet_start[16] = {}, quiet_end[16] = {};
/* Which argument tells what a call is about: 1 + its number, and SOCKADDR if it is no path. */
#define SOCKADDR 16
const volatile __u8 telling[MAX_SYSCALL] = {};

static const struct sys_val no_syscalls = {};
/* bpf2go makes Go types of what is referred to here. */
const struct event *unused_event __attribute__((unused));

static __always_inline void count_lost(__u32 i)
{
	__u64 *v = bpf_map_lookup_elem(&lost, &i);
	if (v)
		(*v)++;
}

static __always_inline void notify(__u64 ns, __u32 kind, __u32 pid, __u32 parent)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e) {
		count_lost(LOST_EVENTS);
		return;
	}
	e->ns = ns;
	e->kind = kind;
	e->pid = pid;
	e->parent = parent;
	e->unused = 0;
	bpf_ringbuf_submit(e, 0);
}

/* A number that no other mount namespace gets until the next boot. Inode numbers are reused. */
static __always_inline __u64 ns_number(struct mnt_namespace *m)
{
	struct ns_common___id *c = (void *)&m->ns;
	struct mnt_namespace___seq *s = (void *)m;

	if (bpf_core_field_exists(c->ns_id))
		return BPF_CORE_READ(c, ns_id);
	if (bpf_core_field_exists(s->seq))
		return BPF_CORE_READ(s, seq);
	return BPF_CORE_READ(m, ns.inum);
}

/* The same of a namespace that the verifier knows as one: a plain load instead of a call. */
static __always_inline __u64 own_ns_number(struct mnt_namespace *m)
{
	struct ns_common___id *c = (void *)&m->ns;
	struct mnt_namespace___seq *s = (void *)m;

	if (bpf_core_field_exists(c->ns_id))
		return c->ns_id;
	if (bpf_core_field_exists(s->seq))
		return s->seq;
	return m->ns.inum;
}

/* The number of a process in its own pid namespace or one above, by its level, and which
 * namespace that is; 0 if it has none there. */
static __always_inline __u32 pid_at(struct task_struct *t, __u32 level, __u64 *in)
{
	struct pid *p = BPF_CORE_READ(t, group_leader, thread_pid);
	__u32 nr = 0;

	if (!p || level > BPF_CORE_READ(p, level))
		return 0;
	void *number = (void *)p + bpf_core_field_offset(struct pid, numbers) + level * bpf_core_type_size(struct upid);
	bpf_probe_read_kernel(&nr, sizeof(nr), number + bpf_core_field_offset(struct upid, nr));
	bpf_probe_read_kernel(in, sizeof(*in), number + bpf_core_field_offset(struct upid, ns));
	return nr;
}

/* The number of a process in its own pid namespace. */
static __always_inline __u32 inner_pid(struct task_struct *t)
{
	__u64 in;

	return pid_at(t, BPF_CORE_READ(t, group_leader, thread_pid, level), &in);
}

/* The number of a process in the observer's pid namespace; 0 if it has none there, as one
 * of another namespace at the same level. */
static __always_inline __u32 observer_pid(struct task_struct *t)
{
	__u64 in = 0;
	__u32 nr = pid_at(t, self_level, &in);

	return in == self_pid_ns ? nr : 0;
}

/* A runtime that sets up a container runs a program that is on no mount of the container. */
static __always_inline bool is_runtime(struct task_struct *t, struct mnt_namespace *m)
{
	struct mm_struct *mm = t->mm;
	if (!mm)
		return true; /* a thread of the kernel, or one that exits */
	struct file *exe = mm->exe_file;
	if (!exe)
		return true;
	struct vfsmount *vm = exe->f_path.mnt;
	struct mount *mnt = (void *)vm - bpf_core_field_offset(struct mount, mnt);
	return BPF_CORE_READ(mnt, mnt_ns) != m;
}

/* Only names of 64 characters or more can hold the id of a container. */
static __always_inline void read_names(struct container *c, struct kernfs_node *kn)
{
	for (int i = 0; i < 12 && kn; i++) {
		const char *name = BPF_CORE_READ(kn, name);
		char *to = c->named ? c->outer : c->inner;
		long n = bpf_probe_read_kernel_str(to, sizeof(c->inner), name);
		if (n > 64 && !c->named)
			c->named = n - 1;
		else if (n <= 64)
			to[0] = 0;
		struct kernfs_node___old *old = (void *)kn;
		if (bpf_core_field_exists(old->parent))
			kn = BPF_CORE_READ(old, parent);
		else
			kn = BPF_CORE_READ(kn, __parent);
	}
}

static __always_inline struct kernfs_node *v1_node(struct css_set *set, int id)
{
	struct cgroup_subsys_state *css = 0;

	bpf_core_read(&css, sizeof(css), &set->subsys[id & 15]);
	return css ? BPF_CORE_READ(css, cgroup, kn) : 0;
}

static __always_inline void read_cgroup(struct container *c, struct task_struct *t)
{
	struct css_set *set = BPF_CORE_READ(t, cgroups);

	c->outer[0] = 0;
	read_names(c, BPF_CORE_READ(set, dfl_cgrp, kn));
	if (!c->named)
		read_names(c, v1_node(set, bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id)));
	if (!c->named)
		read_names(c, v1_node(set, bpf_core_enum_value(enum cgroup_subsys_id, pids_cgrp_id)));
	if (!c->named)
		read_names(c, v1_node(set, bpf_core_enum_value(enum cgroup_subsys_id, cpu_cgrp_id)));
}

/* The container of a task in m, made if it is new. */
static __noinline struct container *container_of_ns(struct task_struct *t, struct mnt_namespace *m, __u64 ns)
{
	struct container *c = bpf_map_lookup_elem(&containers, &ns);
	if (c)
		return c;
	__u32 zero = 0;
	struct scratch *s = bpf_map_lookup_elem(&scratch, &zero);
	if (!s)
		return 0;
	__builtin_memset(&s->c, 0, sizeof(s->c));
	s->c.first = bpf_ktime_get_ns();
	s->c.alive = walk;
	s->c.inum = BPF_CORE_READ(m, ns.inum);
	s->c.pid = observer_pid(t);
	read_cgroup(&s->c, t);
	if (!bpf_map_update_elem(&containers, &ns, &s->c, BPF_NOEXIST))
		notify(ns, NEW, 0, 0);
	c = bpf_map_lookup_elem(&containers, &ns);
	if (!c)
		count_lost(LOST_CONTAINERS);
	return c;
}

/* Whether a task that ran before was put into the container: its parent is outside of it. */
static __always_inline bool put_in(struct task_struct *t, struct mnt_namespace *m)
{
	struct mnt_namespace *pm = BPF_CORE_READ(t, real_parent, nsproxy, mnt_ns);

	if (!pm || pm == m)
		return false;
	__u64 ns = ns_number(pm);
	if (ns == self_ns)
		return true;
	struct container *p = bpf_map_lookup_elem(&containers, &ns);
	return !p || !p->named; /* else a container's own process made a mount namespace */
}

static __always_inline __u64 bounding_set(struct task_struct *t)
{
	__u64 set = 0;
	const struct cred *c = t->real_cred;

	bpf_core_read(&set, sizeof(set), &c->cap_bset);
	return set;
}

static __always_inline void mark(struct task_struct *t, __u64 session)
{
	__u64 *s = bpf_task_storage_get(&sessions, t, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (s)
		*s = session;
	else
		count_lost(LOST_SESSIONS);
}

static __always_inline __u8 marked(struct task_struct *t)
{
	__u64 *s = bpf_task_storage_get(&sessions, t, 0, 0);
	return s ? *s : WORKLOAD;
}

static __always_inline __u8 session_of(struct task_struct *t)
{
	return marked(t) == EXEC ? EXEC : WORKLOAD;
}

/* Checks of capabilities that make no difference to the call that they are made in. */
static __always_inline __u8 aside(int cap, int nr, const struct cred *c, struct pt_regs *r)
{
	__u32 a = r->di, b = r->si, d = r->dx;

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
		__u64 flags = r->di;
		switch (nr) {
		case NR_clone3:
			if (bpf_probe_read_user(&flags, sizeof(flags), (void *)r->di))
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
	void *from = (void *)(number == 1 ? r->di : number == 2 ? r->si : r->dx);
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
	v->first = v->last = bpf_ktime_get_ns();
	v->pid = observer_pid(t);
	v->inner_pid = inner_pid(t);
	v->uid = (__u32)bpf_get_current_uid_gid();
	bpf_get_current_comm(v->comm, sizeof(v->comm));
	if (!(k->aside & COMPAT)) {
		v->args[0] = r->di;
		v->args[1] = r->si;
		v->args[2] = r->dx;
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
	struct nsproxy *np = t->nsproxy;

	if (!np)
		return 0;
	struct mnt_namespace *m = np->mnt_ns;
	if (m->ns.inum == self_inum)
		return 0;
	if (cred != t->real_cred)
		return 0; /* overlayfs and access(2) ask as somebody else: not this task's right */
	struct pt_regs *r = (void *)bpf_task_pt_regs(t);
	struct cap_key k = { .ns = own_ns_number(m), .cap = cap, .denied = denied, .nr = (int)r->orig_ax };
	bool runtime = is_runtime(t, m);
	/* Every execve asks for SYS_ADMIN when it makes the new stack, so none is missed. */
	if (runtime && t->mm && marked(t) != RUNTIME)
		mark(t, RUNTIME);
	if (runtime && k.nr != NR_execve && k.nr != NR_execveat) {
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
	if (t->flags & PF_IO_WORKER)
		k.nr = NR_io_uring_enter;
	if (t->thread_info.status & TS_COMPAT)
		k.aside |= COMPAT;
	else if (cap == CAP_FSETID || cap == CAP_SETGID || cap == CAP_SETUID || cap == CAP_SETPCAP || cap == CAP_SYS_ADMIN)
		k.aside |= aside(cap, k.nr, cred, r);
	if (quiet)
		k.aside |= ASIDE_QUIET;
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
	__u64 n = v->count;
	__sync_fetch_and_add(&v->count, 1);
	if ((n & (n - 1)) == 0 || n < 16) {
		v->last = bpf_ktime_get_ns();
		if (sample_stacks)
			sample(ctx, v);
	}
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
	struct task_struct *t = bpf_get_current_task_btf();
	struct nsproxy *np = t->nsproxy;

	if (!np || np->mnt_ns->ns.inum == self_inum)
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

SEC("tp_btf/sys_enter")
int BPF_PROG(system_call, struct pt_regs *regs, long nr)
{
	struct task_struct *t = bpf_get_current_task_btf();
	struct nsproxy *np = t->nsproxy;

	if (!np)
		return 0;
	struct mnt_namespace *m = np->mnt_ns;
	if (m->ns.inum == self_inum)
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
	if (t->thread_info.status & TS_COMPAT) {
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

/* A program was started in place of another. */
SEC("tp_btf/sched_process_exec")
int BPF_PROG(program_started, struct task_struct *p, int old_pid, struct linux_binprm *bprm)
{
	struct nsproxy *np = p->nsproxy;

	if (!np)
		return 0;
	struct mnt_namespace *m = np->mnt_ns;
	if (m->ns.inum == self_inum || marked(p) != RUNTIME || is_runtime(p, m))
		return 0;
	__u64 ns = ns_number(m);
	struct container *c = container_of_ns(p, m, ns);
	if (!c)
		return 0;
	__u32 tgid = p->tgid;
	if (c->main) {
		mark(p, EXEC);
		__sync_fetch_and_add(&c->execs, 1);
		return 0;
	}
	mark(p, WORKLOAD);
	c->main = tgid;
	c->pid = observer_pid(p);
	c->main_start = p->start_boottime;
	c->bounding = bounding_set(p);
	c->started = bpf_ktime_get_ns();
	if (!c->named)
		read_cgroup(c, p);
	if (c->named)
		notify(ns, STARTED, 0, 0);
	else
		notify(ns, STARTED, c->pid, observer_pid(p->real_parent));
	return 0;
}

/* What an exec session starts is part of it, whoever becomes its parent later. */
SEC("tp_btf/sched_process_fork")
int BPF_PROG(task_forked, struct task_struct *parent, struct task_struct *child)
{
	if (marked(parent) == EXEC)
		mark(child, EXEC);
	return 0;
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(socket_state, struct sock *sk, int before, int now)
{
	if (now != 10 /* TCP_LISTEN */ && now != 2 /* TCP_SYN_SENT */)
		return 0;
	struct task_struct *t = bpf_get_current_task_btf();
	struct nsproxy *np = t->nsproxy;
	if (!np)
		return 0;
	struct mnt_namespace *m = np->mnt_ns;
	if (m->ns.inum == self_inum || is_runtime(t, m))
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

/* Walks over all tasks: which containers there are, which live, and which processes in them
 * were put there after the first. */
SEC("iter/task")
int walk_tasks(struct bpf_iter__task *ctx)
{
	struct task_struct *t = ctx->task;
	if (!t)
		return 0;
	struct nsproxy *np = t->nsproxy;
	if (!np || !t->mm)
		return 0;
	struct mnt_namespace *m = np->mnt_ns;
	if (!m || m->ns.inum == self_inum)
		return 0;
	__u64 ns = ns_number(m);
	struct container *c = container_of_ns(t, m, ns);
	if (!c)
		return 0;
	c->alive = walk;
	if (c->state == IGNORED || c->started || is_runtime(t, m) || marked(t) == RUNTIME || !put_in(t, m))
		return 0; /* a runtime's process is just becoming the container's own: program_started tells */
	/* It ran before: the process that was put in first is what it was started for. */
	__u32 tgid = t->tgid;
	__u64 start = BPF_CORE_READ(t, group_leader, start_boottime);
	if (!c->main || start < c->main_start) {
		c->main = tgid;
		c->main_start = start;
		c->bounding = bounding_set(t);
		c->pid = observer_pid(t);
		if (!c->named)
			read_cgroup(c, t);
	}
	return 0;
}

/* The same walk again, when it is known which process each container was started for: marks
 * those that belong to exec sessions. */
SEC("iter/task")
int mark_tasks(struct bpf_iter__task *ctx)
{
	struct task_struct *t = ctx->task;
	if (!t)
		return 0;
	struct nsproxy *np = t->nsproxy;
	if (!np || !t->mm)
		return 0;
	struct mnt_namespace *m = np->mnt_ns;
	if (!m || m->ns.inum == self_inum)
		return 0;
	__u64 ns = ns_number(m);
	struct container *c = bpf_map_lookup_elem(&containers, &ns);
	if (!c || c->started || !c->main)
		return 0;
	struct task_struct *top = t;
	for (int i = 0; i < 32; i++) {
		struct task_struct *p = top->real_parent;
		if (!p)
			break;
		struct nsproxy *theirs = p->nsproxy;
		if (!theirs || theirs->mnt_ns != m)
			break;
		top = p;
	}
	__u32 tgid = top->tgid;
	if (tgid != c->main && put_in(top, m) && !is_runtime(top, m) && marked(top) != RUNTIME)
		mark(t, EXEC);
	return 0;
}

/* Run once by the observer itself. */
SEC("syscall")
int who_am_i(void *ctx)
{
	struct task_struct *t = (void *)bpf_get_current_task();
	struct mnt_namespace *m = BPF_CORE_READ(t, nsproxy, mnt_ns);

	self_ns = ns_number(m);
	self_inum = BPF_CORE_READ(m, ns.inum);
	self_level = BPF_CORE_READ(t, thread_pid, level);
	__u64 in = 0;
	pid_at(t, self_level, &in);
	self_pid_ns = in;
	return 0;
}
