/* SPDX-License-Identifier: GPL-2.0 OR MIT
 *
 * Tasks: which start and fork, and which there are.
 */
#pragma once
#include "container.h"
#include <bpf/bpf_tracing.h>

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

/* A program was started in place of another. */
SEC("tp_btf/sched_process_exec")
int BPF_PROG(program_started, struct task_struct *p, int old_pid, struct linux_binprm *bprm)
{
	struct mnt_namespace *m = watched(p);

	if (!m || marked(p) != RUNTIME || is_runtime(p, m))
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
	c->rootfs = overlay_of(p);
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

/* Walks over all tasks: which containers there are, which live, and which processes in them
 * were put there after the first. */
SEC("iter/task")
int walk_tasks(struct bpf_iter__task *ctx)
{
	struct task_struct *t = ctx->task;
	struct mnt_namespace *m = walked(t);
	if (!m)
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
		c->rootfs = overlay_of(t);
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
	struct mnt_namespace *m = walked(t);
	if (!m)
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
