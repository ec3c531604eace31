/* SPDX-License-Identifier: GPL-2.0 OR MIT
 *
 * What the maps hold: user space reads it.
 */
#pragma once
#include "kernel.h"
#include <bpf/bpf_helpers.h>

/* Who did it: the container's own processes, or what was brought in by docker exec. RUNTIME
 * is never who did it, it marks a process that is about to become one of the others. */
enum { WORKLOAD = 0, EXEC = 1, RUNTIME = 2 };

enum { WATCHED = 0, IGNORED = 1 };

/* Most rows of one container; with the sizes of rows they bound its memory. */
#define MAX_CAPS 96
#define MAX_SOCKETS 96
#define MAX_LISTENERS 60
#define MAX_FILES 32
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
	__u64 rootfs;         /* the file system of its root, if that is an overlay; else 0 */
	__u32 caps, sockets, listeners, files; /* rows in use */
	__u32 lost_caps, lost_sockets, lost_syscalls, lost_files; /* events that found no room */
	__u32 elsewhere;      /* checks against another user namespace, not kept */
	__u32 named;          /* length of inner */
	char inner[96], outer[96]; /* cgroups of 64 characters or more: the innermost, and the outermost */
};

/* What is known of a check beyond its answer. */
enum {
	ASIDE_NO_EFFECT = 1,  /* the answer makes no difference to this call */
	ASIDE_OVERCOMMIT = 2, /* memory is reckoned up; a refusal goes unnoticed */
	ASIDE_QUIET = 4,      /* asked with CAP_OPT_NOAUDIT: a probe */
	COMPAT = 8,           /* a 32-bit system call: nr is another table's */
};

struct cap_key {
	__u64 ns;
	__u8 cap, denied, aside, session;
	__s32 nr;
};
struct cap_val {
	__u64 count, first;
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
struct sock_val {
	__u64 count, first;
	__u64 accepted; /* connections, if it is listened on */
	__u32 pid, inner_pid;
	char comm[16];
};

/* Where a connection that comes about was listened for. */
struct listener_key {
	__u64 net; /* the network namespace */
	__u16 family, port;
	__u32 unused;
	__u8 addr[16];
};

/* A directory of the container's root file system in which something was changed. */
struct file_key { __u64 ns, dir, session; }; /* dir is an inode's number */
struct file_val {
	__u64 count, first;
	__u32 pid, inner_pid;
	__u32 from; /* where the path begins; it ends with the buffer */
	char comm[16];
	char name[32]; /* what was changed in it first; empty: which entries it has */
	char path[256];
};

/* Who did something last on a processor. Numbers of walks tell sessions that changed. */
struct actor { __u64 task, ns, start, mm, walk; };
#define RECENT_CAPS 128
#define RECENT_FILES 16
/* What was done often: waiting is what the row's count lacks. */
struct recent_cap { struct actor by; struct cap_key key; __u64 waiting; };
struct recent_file { struct actor by; struct file_key key; __u64 fs, waiting; };
/* System calls that are in the row already, a bit each. */
struct recent_calls { struct actor by; __u64 seen[MAX_SYSCALL / 64]; };

enum { NEW = 1, STARTED = 2 };
/* The process that was started and its parent, the runtime's shim; 0 where the cgroup names
 * the container. */
struct event { __u64 ns; __u32 kind, pid, parent, unused; };

enum { LOST_CONTAINERS, LOST_CAPS, LOST_SYSCALLS, LOST_SOCKETS, LOST_EVENTS, LOST_SESSIONS, LOST_FILES, COUNTERS };

#define HASH(name, entries, k, v) struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, entries); __type(key, k); __type(value, v); } name SEC(".maps")
HASH(containers, 2048, __u64, struct container);
HASH(caps, 32768, struct cap_key, struct cap_val);
HASH(syscalls, 2048, struct sys_key, struct sys_val);
HASH(sockets, 16384, struct sock_key, struct sock_val);
HASH(listeners, 16384, struct listener_key, struct sock_key);
HASH(files, 16384, struct file_key, struct file_val);
#define PER_CPU(name, entries, v) struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __uint(max_entries, entries); __type(key, __u32); __type(value, v); } name SEC(".maps")
PER_CPU(recent_caps, RECENT_CAPS, struct recent_cap);
PER_CPU(recent_files, RECENT_FILES, struct recent_file);
PER_CPU(recent_calls, 1, struct recent_calls);
struct { __uint(type, BPF_MAP_TYPE_TASK_STORAGE); __uint(map_flags, BPF_F_NO_PREALLOC); __type(key, int); __type(value, __u64); } sessions SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 64 << 10); } events SEC(".maps");
PER_CPU(lost, COUNTERS, __u64);
struct scratch { struct container c; struct cap_val v; __u64 frames[16]; struct file_val f; char path[512]; };
PER_CPU(scratch, 1, struct scratch);
