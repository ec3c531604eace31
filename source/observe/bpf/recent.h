/* SPDX-License-Identifier: GPL-2.0 OR MIT
 *
 * What a task did again and again is found beside the processor that it runs on: that
 * spares the maps. No program runs twice at once on one processor, so nothing is locked.
 */
#pragma once
#include "container.h"

/* Whether t is who did it before: the same task, with the same program, in the same
 * container, of the same session as the last walk left it in. */
static __always_inline bool did(struct actor *a, struct task_struct *t, __u64 ns)
{
	return a->task == (__u64)t && a->ns == ns && a->start == t->start_boottime && a->mm == (__u64)t->mm && a->walk == walk;
}

static __always_inline void keep_actor(struct actor *a, struct task_struct *t, __u64 ns)
{
	a->task = (__u64)t;
	a->ns = ns;
	a->start = t->start_boottime;
	a->mm = (__u64)t->mm;
	a->walk = walk;
}

/* From how many on, and how often, a count is carried into its row. User space adds what
 * waits. */
#define OFTEN 16
#define CARRY 32

static __always_inline struct recent_cap *recent_cap_of(struct cap_key *k)
{
	__u32 i = (k->cap * 5 + (__u32)k->nr * 11) & (RECENT_CAPS - 1);

	return bpf_map_lookup_elem(&recent_caps, &i);
}

static __always_inline bool same_check(struct cap_key *a, struct cap_key *b)
{
	return a->cap == b->cap && a->nr == b->nr && a->denied == b->denied && a->aside == b->aside;
}

/* Makes room in a place for a check that is made often. */
static __always_inline void keep_cap(struct recent_cap *place, struct task_struct *t, struct cap_key *k)
{
	if (!place)
		return;
	if (place->waiting) {
		struct cap_val *old = bpf_map_lookup_elem(&caps, &place->key);
		if (old)
			__sync_fetch_and_add(&old->count, place->waiting);
		place->waiting = 0;
	}
	place->key = *k;
	keep_actor(&place->by, t, k->ns);
}

static __always_inline struct recent_file *recent_file_of(__u64 dir)
{
	__u32 i = dir & (RECENT_FILES - 1);

	return bpf_map_lookup_elem(&recent_files, &i);
}

static __always_inline void keep_file(struct recent_file *place, struct task_struct *t, struct file_key *k, __u64 fs)
{
	if (!place)
		return;
	if (place->waiting) {
		struct file_val *old = bpf_map_lookup_elem(&files, &place->key);
		if (old)
			__sync_fetch_and_add(&old->count, place->waiting);
		place->waiting = 0;
	}
	place->key = *k;
	place->fs = fs;
	keep_actor(&place->by, t, k->ns);
}
