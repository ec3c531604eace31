package advice

import "strings"

// runtimeCalls are those that runc 1.1 to 1.5 makes in the container after its filter is
// in force, up to and with the start of the program, with and without no-new-privileges.
// They were recorded; some are fatal in one release and not made in another, so all are
// allowed. Docker Engine 20.10 to 28.5 add none.
var runtimeCalls = strings.Fields(`
	capget capset chdir close close_range epoll_ctl execve faccessat faccessat2 fchown
	fcntl fstat fstatfs futex getcwd getdents64 getpid getppid mmap newfstatat openat
	openat2 prctl read rt_sigreturn sched_yield setgid setgroups setuid statx tgkill write
	` /* the Go runtime, of which runc is made */ + `
	arch_prctl clock_gettime clone epoll_create1 epoll_pwait eventfd2 exit exit_group
	getrandom gettid madvise mprotect munmap nanosleep pipe2 restart_syscall rt_sigaction
	rt_sigprocmask sched_getaffinity set_robust_list set_tid_address sigaltstack`)

// anyProgram are calls with which a program ends or is told to: it may never have been
// seen to.
var anyProgram = strings.Fields(`
	exit exit_group getpid gettid kill restart_syscall rt_sigaction rt_sigprocmask
	rt_sigreturn tgkill wait4`)

// recentCalls are calls that Linux has got since 4.11 and that C libraries and language
// runtimes try first: the error for "not permitted" would be the end for them, where
// they know what to do without. clone3 is among them in the engine's profile, too: its
// arguments cannot be looked at.
var recentCalls = strings.Fields(`
	clone3 close_range epoll_pwait2 faccessat2 fchmodat2 futex_requeue futex_wait
	futex_waitv futex_wake io_uring_enter io_uring_register io_uring_setup
	landlock_add_rule landlock_create_ruleset landlock_restrict_self map_shadow_stack
	memfd_secret mseal openat2 pidfd_getfd pidfd_open pidfd_send_signal process_madvise
	process_mrelease rseq statx`)
