/* SPDX-License-Identifier: GPL-2.0 OR MIT
 *
 * Files that are written outside of volumes: directories of the container's root file
 * system, an overlay, in which something changed. Whatever changes a file or a directory
 * sets its time of change.
 */
#pragma once
#include "recent.h"
#include <bpf/bpf_tracing.h>

#define S_IFMT 0170000
#define S_IFDIR 0040000
#define MAX_DEPTH 16
#define MAX_NAME 128

/* Writes a directory's path to the end of a buffer and returns where it begins; 0 if it
 * does not fit, or a name does not. */
static __always_inline __u32 read_path(char *path, struct dentry *d)
{
	__u32 from = sizeof(((struct file_val *)0)->path);

	for (int i = 0; i < MAX_DEPTH; i++) {
		struct dentry *parent = BPF_CORE_READ(d, d_parent);
		if (!parent || parent == d)
			return from;
		__u32 n = BPF_CORE_READ(d, d_name.len);
		if (n >= MAX_NAME || n + 1 >= from)
			return 0;
		from -= n + 1;
		path[from & 255] = '/';
		bpf_probe_read_kernel(path + (from & 255) + 1, n & (MAX_NAME - 1), BPF_CORE_READ(d, d_name.name));
		d = parent;
	}
	return 0;
}

static __always_inline int lost_file(struct container *c)
{
	__sync_fetch_and_add(&c->lost_files, 1);
	return 0;
}

static __always_inline int new_file(struct container *c, struct task_struct *t, struct file_key *k, struct dentry *d, struct dentry *dir)
{
	__u32 zero = 0;
	struct scratch *s = bpf_map_lookup_elem(&scratch, &zero);
	if (!s)
		return 0;
	struct file_val *v = &s->f;
	if (c->files >= MAX_FILES)
		return lost_file(c);
	__builtin_memset(v, 0, sizeof(*v));
	v->from = read_path(s->path, dir);
	if (!v->from)
		return lost_file(c);
	__builtin_memcpy(v->path, s->path, sizeof(v->path));
	if (d != dir)
		bpf_probe_read_kernel_str(v->name, sizeof(v->name), BPF_CORE_READ(d, d_name.name));
	v->count = 1;
	v->first = bpf_ktime_get_ns();
	v->pid = observer_pid(t);
	v->inner_pid = inner_pid(t);
	bpf_get_current_comm(v->comm, sizeof(v->comm));
	if (!bpf_map_update_elem(&files, k, v, BPF_NOEXIST)) {
		__sync_fetch_and_add(&c->files, 1);
		return 0;
	}
	v = bpf_map_lookup_elem(&files, k);
	if (v) {
		__sync_fetch_and_add(&v->count, 1);
		return 0;
	}
	count_lost(LOST_FILES);
	return lost_file(c);
}

/* Every kernel that tells of changed files has it (6.2): members are read without a call. */
extern void *bpf_rdonly_cast(const void *, __u32) __ksym __weak;

SEC("tp_btf/inode_set_ctime_to_ts")
int BPF_PROG(inode_changed, struct inode *inode)
{
	if (inode->i_sb->s_magic != OVERLAYFS_MAGIC)
		return 0;
	struct task_struct *t = bpf_get_current_task_btf();
	struct mnt_namespace *m = watched(t);
	if (!m)
		return 0;
	struct hlist_node *alias = inode->i_dentry.first;
	if (!alias)
		return 0; /* it is being read from the disk, or made: its directory is told */
	struct dentry *d = bpf_rdonly_cast((void *)alias - bpf_core_field_offset(struct dentry, d_u.d_alias), bpf_core_type_id_kernel(struct dentry));
	struct dentry *dir = (inode->i_mode & S_IFMT) == S_IFDIR ? d : d->d_parent;
	struct inode *in = dir->d_inode;
	struct file_key k = { .ns = own_ns_number(m), .dir = in ? in->i_ino : 0 };
	struct recent_file *place = recent_file_of(k.dir);
	bool often = place && place->key.dir == k.dir && place->fs == (__u64)inode->i_sb && did(&place->by, t, k.ns);
	if (often && place->waiting < CARRY) {
		place->waiting++;
		return 0;
	}
	if (is_runtime(t, m))
		return 0;
	struct container *c = bpf_map_lookup_elem(&containers, &k.ns);
	if (!c || c->state == IGNORED || c->rootfs != (__u64)inode->i_sb)
		return 0;
	k.session = session_of(t);
	struct file_val *v = bpf_map_lookup_elem(&files, &k);
	if (!v)
		return new_file(c, t, &k, d, dir);
	__u64 more = 1;
	if (often) {
		more += place->waiting;
		place->waiting = 0;
	} else if (v->count >= OFTEN) {
		keep_file(place, t, &k, (__u64)inode->i_sb);
	}
	__sync_fetch_and_add(&v->count, more);
	return 0;
}
