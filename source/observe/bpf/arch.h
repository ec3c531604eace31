/* SPDX-License-Identifier: GPL-2.0 OR MIT
 *
 * What differs between architectures: registers at a system call, the mark of a 32-bit one,
 * and the numbers of system calls. Calls that one lacks have a number that nothing has.
 */
#pragma once

#if defined(__TARGET_ARCH_x86)

#define ARG0(r) ((r)->di)
#define ARG1(r) ((r)->si)
#define ARG2(r) ((r)->dx)
#define CALL(r) ((int)(r)->orig_ax)
#define IS_COMPAT(t) ((t)->thread_info.status & 2) /* TS_COMPAT */

enum {
	NR_mmap = 9, NR_mprotect = 10, NR_munmap = 11, NR_brk = 12, NR_mremap = 25, NR_shmat = 30,
	NR_clone = 56, NR_fork = 57, NR_vfork = 58, NR_execve = 59, NR_chmod = 90, NR_fchmod = 91,
	NR_setuid = 105, NR_setgid = 106, NR_setreuid = 113, NR_setregid = 114, NR_setresuid = 117,
	NR_setresgid = 119, NR_capset = 126, NR_exit_group = 231, NR_fchmodat = 268, NR_execveat = 322,
	NR_io_uring_enter = 426, NR_clone3 = 435, NR_fchmodat2 = 452,
};

#elif defined(__TARGET_ARCH_arm64)

#define ARG0(r) ((r)->orig_x0)
#define ARG1(r) ((r)->regs[1])
#define ARG2(r) ((r)->regs[2])
#define CALL(r) ((r)->syscallno)
#define IS_COMPAT(t) ((t)->thread_info.flags & (1UL << 22)) /* TIF_32BIT */

enum {
	NR_mmap = 222, NR_mprotect = 226, NR_munmap = 215, NR_brk = 214, NR_mremap = 216, NR_shmat = 196,
	NR_clone = 220, NR_fork = -101, NR_vfork = -102, NR_execve = 221, NR_chmod = -103, NR_fchmod = 52,
	NR_setuid = 146, NR_setgid = 144, NR_setreuid = 145, NR_setregid = 143, NR_setresuid = 147,
	NR_setresgid = 149, NR_capset = 91, NR_exit_group = 94, NR_fchmodat = 53, NR_execveat = 281,
	NR_io_uring_enter = 426, NR_clone3 = 435, NR_fchmodat2 = 452,
};

#else
#error "registers and system calls of this architecture are not known"
#endif
