/* SPDX-License-Identifier: GPL-2.0 OR MIT
 *
 * The kernel's types as far as the programs use them. Only names count: the offsets are
 * taken from the BTF of the kernel that runs (CO-RE). It stands in for a vmlinux.h of 3 MB.
 */
#pragma once
#define __VMLINUX_H__ 1 /* libbpf: members of pt_regs are spelled as in the kernel */

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s32 s32;
typedef __s64 s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u64 __be64;
typedef __u32 __wsum;
typedef _Bool bool;
enum { false = 0, true = 1 };

enum bpf_map_type {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_RINGBUF = 27,
	BPF_MAP_TYPE_TASK_STORAGE = 29,
};
enum { BPF_ANY = 0, BPF_NOEXIST = 1, BPF_EXIST = 2 };
enum { BPF_F_NO_PREALLOC = 1 };
enum { BPF_LOCAL_STORAGE_GET_F_CREATE = 1 };

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct ns_common { unsigned int inum; };
struct user_namespace { struct ns_common ns; };
struct pid_namespace { struct ns_common ns; };
struct mnt_namespace { struct ns_common ns; struct user_namespace *user_ns; };
struct nsproxy { struct mnt_namespace *mnt_ns; };

typedef struct { __u32 val; } kuid_t;
typedef struct { __u32 val; } kgid_t;
typedef struct { u64 val; } kernel_cap_t; /* before 6.3 two numbers of 32 bits, the lower first */
struct cred { kuid_t uid, suid, euid; kgid_t gid, sgid, egid; kernel_cap_t cap_bset; };

struct super_block { unsigned long s_magic; };
struct vfsmount { struct super_block *mnt_sb; };
struct path { struct vfsmount *mnt; };
struct file { struct path f_path; };
struct fs_struct { struct path root; };
struct mm_struct { struct file *exe_file; };
struct mount { struct vfsmount mnt; struct mnt_namespace *mnt_ns; };

struct hlist_node { struct hlist_node *next; };
struct hlist_head { struct hlist_node *first; };
struct inode { unsigned short i_mode; struct super_block *i_sb; unsigned long i_ino; struct hlist_head i_dentry; };
struct qstr { u32 len; const unsigned char *name; };
struct dentry { struct dentry *d_parent; struct qstr d_name; struct inode *d_inode; union { struct hlist_node d_alias; } d_u; };

struct kernfs_node { struct kernfs_node *__parent; const char *name; };
struct cgroup { struct kernfs_node *kn; };
struct cgroup_subsys_state { struct cgroup *cgroup; };
struct css_set { struct cgroup_subsys_state *subsys[16]; struct cgroup *dfl_cgrp; };
enum cgroup_subsys_id { cpu_cgrp_id = 1, memory_cgrp_id = 4, pids_cgrp_id = 11 };

struct upid { int nr; struct pid_namespace *ns; };
struct pid { unsigned int level; struct upid numbers[1]; };
struct seccomp { int mode; };
struct thread_info { unsigned long flags; u32 status; };
struct task_struct {
	struct thread_info thread_info;
	unsigned int flags;
	int pid, tgid;
	u64 start_boottime;
	struct task_struct *real_parent, *group_leader;
	struct pid *thread_pid;
	struct nsproxy *nsproxy;
	const struct cred *real_cred;
	struct mm_struct *mm;
	struct fs_struct *fs;
	struct css_set *cgroups;
	struct seccomp seccomp;
	char comm[16];
};
#if defined(__TARGET_ARCH_x86)
struct pt_regs { unsigned long di, si, dx, ax, sp, ip, bp, bx, cx, r8, r9, r10, orig_ax; };
#else
struct user_pt_regs { u64 regs[31], sp, pc, pstate; };
struct pt_regs { u64 regs[31], orig_x0; s32 syscallno; };
#endif
struct linux_binprm { int unused; };

struct in6_addr { u8 b[16]; };
struct net { int unused; };
typedef struct { struct net *net; } possible_net_t;
struct sock_common {
	__be32 skc_daddr, skc_rcv_saddr;
	__be16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	volatile unsigned char skc_state;
	possible_net_t skc_net;
	struct in6_addr skc_v6_daddr, skc_v6_rcv_saddr;
};
struct sock { struct sock_common __sk_common; u8 sk_userlocks : 4; u16 sk_protocol; };
struct socket { struct sock *sk; };
struct bpf_iter__task { struct task_struct *task; };
struct bpf_iter__task_file { struct task_struct *task; u32 fd; struct file *file; };

/* Members that only some kernels have. */
struct mnt_namespace___seq { u64 seq; };     /* before 6.18 */
struct ns_common___id { u64 ns_id; };        /* since 6.18 */
struct kernfs_node___old { struct kernfs_node *parent; }; /* before 6.15 */

#pragma clang attribute pop
