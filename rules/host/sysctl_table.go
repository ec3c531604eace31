package host

import (
	"seawall/rule"
)

// sysctlTable are the kernel settings judged one by one. The values follow the
// Kernel Self-Protection Project's recommended settings where a container host
// can live with them; settings that Docker needs, such as forwarding, are left
// out.
//
// Read for rules of one's own and not judged: kernel.usermodehelper.bset and
// inheritable, the capabilities of programs that the kernel starts, and the option
// CONFIG_STATIC_USERMODEHELPER, by which it starts one fixed program in place of what
// core_pattern or release_agent name. No distribution pins them, so that a kernel
// without is no finding.
var sysctlTable = []sysctlCheck{
	{
		id: "host-sysctl-unprivileged-bpf", name: "kernel.unprivileged_bpf_disabled", severity: rule.Medium,
		title: "Ordinary users may load BPF programs", ok: oneOf("1", "2"), want: "2", bad: "0",
		why:    "The BPF verifier has had flaws that gave root to whoever may load a program. A container whose system call filter is off, and every local user, can try them.",
		breaks: "Tracing tools of users without root.", refs: rule.Refs{ATTACK: "T1068"},
	},
	{
		id: "host-sysctl-apparmor-userns", name: "kernel.apparmor_restrict_unprivileged_userns", severity: rule.Low,
		title: "AppArmor lets every program make user namespaces", ok: oneOf("1"), want: "1", bad: "0",
		why:    "Most kernel exploits of the last years begin by making a user namespace. Ubuntu can limit that to programs with a profile; the limit is off.",
		breaks: "Browsers, sandboxes and rootless Docker without an AppArmor profile that allows userns.", refs: rule.Refs{ATTACK: "T1068"},
	},
	{
		id: "host-sysctl-apparmor-unconfined", name: "kernel.apparmor_restrict_unprivileged_unconfined", severity: rule.Low,
		title: "AppArmor's limit of user namespaces can be stepped around", ok: oneOf("1"), want: "1", bad: "0",
		why:    "Without this setting an unconfined program can change into a profile that may make user namespaces, which defeats kernel.apparmor_restrict_unprivileged_userns.",
		breaks: "Programs that change their own AppArmor profile with aa-exec.", refs: rule.Refs{ATTACK: "T1068"}, settled: withoutUsernsLimit,
	},
	{
		id: "host-sysctl-ptrace", name: "kernel.yama.ptrace_scope", severity: rule.Low,
		title: "Every process may trace the others of its user", ok: atLeast(1), want: "1", bad: "0",
		why:    "One program that is taken over reads keys and passwords from the memory of the user's other programs. Containers with the host's process namespace take part in that.",
		breaks: "Attaching a debugger to a running process as an ordinary user; starting it under the debugger works.", refs: rule.Refs{ATTACK: "T1055.008"},
	},
	{
		id: "host-sysctl-kernel-pointers", name: "kernel.kptr_restrict", severity: rule.Low,
		title: "Ordinary users may read the kernel's addresses", ok: atLeast(1), want: "1", bad: "0",
		why:    "Exploits of kernel flaws need to know where things are in the kernel's memory, and containers read the same /proc/kallsyms as the host. With 0 they are hidden only as long as kernel.perf_event_paranoid is 2 or more, which it is not here.",
		breaks: "Profilers of users without root.", refs: rule.Refs{ATTACK: "T1082"}, settled: hiddenFromPerf, badWith: "kernel.perf_event_paranoid=1",
	},
	{
		id: "host-sysctl-kernel-log", name: "kernel.dmesg_restrict", severity: rule.Low,
		title: "Ordinary users may read the kernel's log", ok: oneOf("1"), want: "1", bad: "0",
		why:    "The kernel's log holds addresses, hardware details and traces of crashes that help to build an exploit.",
		breaks: "dmesg without sudo.", refs: rule.Refs{ATTACK: "T1082"},
	},
	{
		id: "host-sysctl-perf-events", name: "kernel.perf_event_paranoid", severity: rule.Low,
		title: "Ordinary users may watch the kernel with performance events", ok: atLeast(2), want: "2", bad: "1",
		why:    "Performance events of the kernel give away its addresses and have been a source of flaws of their own.",
		breaks: "perf for the kernel as an ordinary user.", refs: rule.Refs{ATTACK: "T1068"},
	},
	{
		id: "host-sysctl-io-uring", name: "kernel.io_uring_disabled", severity: rule.Low,
		title: "Every process may use io_uring", ok: oneOf("1", "2"), want: "1", bad: "0",
		why:    "io_uring is a large and young part of the kernel with many flaws, and its operations pass by the system call filter. With 1 only root and members of kernel.io_uring_group may use it.",
		breaks: "Databases and proxies that use io_uring as an ordinary user; they fall back to slower calls or need the group.", refs: rule.Refs{ATTACK: "T1068"},
	},
	{
		id: "host-sysctl-userfaultfd", name: "vm.unprivileged_userfaultfd", severity: rule.Low,
		title: "Ordinary users may handle page faults of the kernel", ok: oneOf("0"), want: "0", bad: "1",
		why:    "userfaultfd lets an exploit stop the kernel in the middle of a copy and so win races that it would lose otherwise.",
		breaks: "Live migration of virtual machines run by ordinary users.", refs: rule.Refs{ATTACK: "T1068"},
	},
	{
		id: "host-sysctl-bpf-jit", name: "net.core.bpf_jit_harden", severity: rule.Low,
		title: "Compiled BPF programs are not hardened", ok: oneOf("1", "2"), want: "2", bad: "0",
		why:    "Constants of BPF programs end up in executable memory of the kernel; hardening blinds them, so that they cannot carry an exploit's code.",
		breaks: "Heavy BPF filters become a little slower.", refs: rule.Refs{ATTACK: "T1068"},
		enough: "1 is not a finding: it hardens the programs of all who are not privileged, and who may load others is trusted with the kernel.",
	},
	{
		id: "host-sysctl-kexec", name: "kernel.kexec_load_disabled", severity: rule.Low,
		title: "Another kernel can be loaded while the host runs", ok: oneOf("1"), want: "1", bad: "0",
		why:    "Root, also in a privileged container, can start another kernel past secure boot's checks. Once set, the switch holds until the next boot.",
		breaks: "kdump and fast reboots by kexec, unless they load their kernel before the switch is set.", refs: rule.Refs{ATTACK: "T1601"},
	},
	{
		id: "host-sysctl-sysrq", name: "kernel.sysrq", severity: rule.Low,
		title: "All functions of the SysRq key are on", ok: not("1"), want: "176", bad: "1",
		why:    "With every function on, a container that can write /proc/sysrq-trigger, or a person at the console, can dump memory and kill processes.",
		breaks: "SysRq functions beyond sync, remount read-only and reboot.", refs: rule.Refs{ATTACK: "T1529"},
	},
	{
		id: "host-sysctl-symlinks", name: "fs.protected_symlinks", severity: rule.Low,
		title: "Symbolic links of others are followed in shared directories", ok: oneOf("1"), want: "1", bad: "0",
		why:    "In a directory that several users or containers write, such as a mounted /tmp, one can lead another's write to a file of its choice.",
		breaks: "Nothing known.", refs: rule.Refs{ATTACK: "T1068"},
	},
	{
		id: "host-sysctl-hardlinks", name: "fs.protected_hardlinks", severity: rule.Low,
		title: "Users may make hard links to files of others", ok: oneOf("1"), want: "1", bad: "0",
		why:    "A hard link to another's setuid program or secret survives the original's removal or update, in the container's directory or the host's.",
		breaks: "Nothing known.", refs: rule.Refs{ATTACK: "T1068"},
	},
	{
		id: "host-sysctl-fifos", name: "fs.protected_fifos", severity: rule.Low,
		title: "Pipes planted in shared directories are opened", ok: oneOf("1", "2"), want: "2", bad: "0",
		why:    "A program that means to write a file in a shared directory can be made to write into a pipe that somebody planted there.",
		breaks: "Programs that open another user's pipe in a sticky directory with O_CREAT.", refs: rule.Refs{ATTACK: "T1068"},
		enough: "1 is not a finding: it guards directories that everybody may write. 2 adds those of a group, whose members were chosen.",
	},
	{
		id: "host-sysctl-regular-files", name: "fs.protected_regular", severity: rule.Low,
		title: "Files planted in shared directories are opened", ok: oneOf("1", "2"), want: "2", bad: "0",
		why:    "A program that means to make a file in a shared directory can be made to write into one that somebody planted and can read.",
		breaks: "Programs that open another user's file in a sticky directory with O_CREAT.", refs: rule.Refs{ATTACK: "T1068"},
		enough: "1 is not a finding: it guards directories that everybody may write. 2 adds those of a group, whose members were chosen.",
	},
	{
		id: "host-sysctl-suid-dumpable", name: "fs.suid_dumpable", severity: rule.Low,
		title: "Setuid programs leave core dumps", ok: not("1"), want: "0", bad: "1",
		why:    "The memory of a program that ran with more rights, passwords and keys included, lands in a file of the user who started it.",
		breaks: "Core dumps of setuid programs.", refs: rule.Refs{ATTACK: "T1005"},
		enough: "2 is not a finding: such dumps go to root alone, and crash reporters such as Ubuntu's set it.",
	},
	{
		id: "host-sysctl-aslr", name: "kernel.randomize_va_space", severity: rule.Medium,
		title: "Programs have predictable addresses", ok: oneOf("2"), want: "2", bad: "0",
		why:    "Address space randomisation makes memory flaws hard to use, in all containers alike. It is off or reduced.",
		breaks: "A few very old programs.", refs: rule.Refs{ATTACK: "T1203"},
	},
	{
		id: "host-sysctl-low-memory", name: "vm.mmap_min_addr", severity: rule.Low,
		title: "Programs may map the lowest addresses", ok: atLeast(32768), want: "65536", bad: "4096",
		why:    "Flaws of the kernel that use a null pointer can be turned into code execution where a program may map the pages around address zero.",
		breaks: "dosemu and 16-bit programs under Wine.", refs: rule.Refs{ATTACK: "T1068"},
		enough: "32768 is not a finding: it is the default where 32-bit ARM programs run, whose code begins below 65536.",
	},
	{
		id: "host-sysctl-terminal-injection", name: "dev.tty.legacy_tiocsti", severity: rule.Low,
		title: "Programs may type into the terminal they run in", ok: oneOf("0"), want: "0", bad: "1",
		why:    "What runs in a container under docker run -it or docker attach could put characters into the administrator's terminal, where the shell runs them.",
		breaks: "Some screen readers and very old shells.", refs: rule.Refs{ATTACK: "T1059"},
	},
	{
		id: "host-sysctl-route-localnet", name: "net.ipv4.conf.all.route_localnet", severity: rule.Medium,
		title: "Services on the loopback address can be reached from outside", ok: oneOf("0"), want: "0", bad: "1",
		why:    "With route_localnet on all interfaces the kernel accepts packets for 127.0.0.1 from the network. Neighbours and containers reach what was bound to localhost to keep them out.",
		breaks: "Setups that redirect ports to 127.0.0.1, such as some service meshes.", refs: rule.Refs{ATTACK: "T1046"},
	},
}
