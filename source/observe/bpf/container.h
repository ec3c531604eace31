/* SPDX-License-Identifier: GPL-2.0 OR MIT
 *
 * Which container a task is of, who it is there, and what is told of that.
 */
#pragma once
#include "rows.h"
#include <bpf/bpf_core_read.h>

/* The observer, told by itself before all else. */
__u64 self_ns = 0, self_pid_ns = 0;
__u32 self_inum = 0, self_level = 0;
/* The number of this walk over all tasks. */
__u64 walk = 0;

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

/* The mount namespace of a task; 0 if it is the observer's own, or gone. */
static __always_inline struct mnt_namespace *watched(struct task_struct *t)
{
	struct nsproxy *np = t->nsproxy;

	if (!np)
		return 0;
	struct mnt_namespace *m = np->mnt_ns;
	return m && m->ns.inum != self_inum ? m : 0;
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

#define OVERLAYFS_MAGIC 0x794c7630

/* The file system of a task's root, if that is an overlay; else 0. */
static __always_inline __u64 overlay_of(struct task_struct *t)
{
	struct super_block *sb = BPF_CORE_READ(t, fs, root.mnt, mnt_sb);

	return sb && BPF_CORE_READ(sb, s_magic) == OVERLAYFS_MAGIC ? (__u64)sb : 0;
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

/* The mount namespace of a task that a walk comes upon: of a process, not of the kernel's. */
static __always_inline struct mnt_namespace *walked(struct task_struct *t)
{
	return t && t->mm ? watched(t) : 0;
}
