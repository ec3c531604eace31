package livehost

import (
	"errors"
	"strings"
	"syscall"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
)

// sysctlNames are the kernel settings that decide how far a process in a
// container, or an ordinary user, gets (Documentation/admin-guide/sysctl).
var sysctlNames = [...]string{
	"dev.tty.ldisc_autoload",
	"dev.tty.legacy_tiocsti",
	"fs.protected_fifos",
	"fs.protected_hardlinks",
	"fs.protected_regular",
	"fs.protected_symlinks",
	"fs.suid_dumpable",
	"kernel.apparmor_restrict_unprivileged_unconfined",
	"kernel.apparmor_restrict_unprivileged_userns",
	"kernel.core_pattern",
	"kernel.dmesg_restrict",
	"kernel.io_uring_disabled",
	"kernel.kexec_load_disabled",
	"kernel.kptr_restrict",
	"kernel.modules_disabled",
	"kernel.perf_event_paranoid",
	"kernel.randomize_va_space",
	"kernel.sysrq",
	"kernel.tainted",
	"kernel.unprivileged_bpf_disabled",
	"kernel.unprivileged_userns_clone",
	"kernel.usermodehelper.bset",
	"kernel.usermodehelper.inheritable",
	"kernel.yama.ptrace_scope",
	"net.bridge.bridge-nf-call-ip6tables",
	"net.bridge.bridge-nf-call-iptables",
	"net.core.bpf_jit_harden",
	"net.ipv4.conf.all.route_localnet",
	"net.ipv4.conf.all.rp_filter",
	"net.ipv4.ip_forward",
	"net.ipv6.conf.all.forwarding",
	"user.max_user_namespaces",
	"vm.mmap_min_addr",
	"vm.unprivileged_userfaultfd",
}

// sysctls reads the settings. Those of the network belong to a network
// namespace: /proc/sys/net shows the reader's.
func (v vantage) sysctls() map[string]snapshot.Fact[string] {
	net := v.namespace("net")
	out := make(map[string]snapshot.Fact[string], len(sysctlNames))
	for _, name := range sysctlNames {
		path := v.sysctlPath(name)
		var gap *snapshot.Gap
		if strings.HasPrefix(name, "net.") {
			gap = net
		}
		out[name] = hostFact(gap, snapshot.At(name, path), func() snapshot.Fact[string] { return kernelSetting(name, path) })
	}
	return out
}

// kernelSetting reads a file of /proc/sys. Some the kernel shows to CAP_SYS_ADMIN
// alone, whoever may open them (net.core.bpf_jit_harden).
func kernelSetting(name, path string) snapshot.Fact[string] {
	return kernelFile(name, path, func(err error) snapshot.Gap {
		g := source.GapFrom(err)
		if errors.Is(err, syscall.EPERM) {
			g.Remedy = lang.N("run with the capability SYS_ADMIN")
		}
		return g
	})
}
