package host_test

import (
	"strings"
	"testing"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/host"
	"seawall/snapshot"
	"seawall/trial"
)

// judged is what a rule says of the example's host, or its only user, changed.
func judged(t *testing.T, id string, change func(*snapshot.Snapshot)) rule.Result {
	t.Helper()
	s := trial.Baseline()
	change(s)
	for _, r := range rule.Evaluate(s, host.Rules()) {
		if r.Rule == id {
			return r
		}
	}
	t.Fatalf("%s judges nothing", id)
	return rule.Result{}
}

var denied = snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "a test"}

// TestHost judges hosts that the examples do not show.
func TestHost(t *testing.T) {
	const cpu, users, lsm, selinux, sudo = "host-cpu-vulnerable", "host-user-namespaces-open", "host-without-lsm", "host-selinux-permissive", "user-sudo-docker"
	type snap = snapshot.Snapshot
	flaws := func(states ...string) func(*snap) {
		return example.Host(func(h *snapshot.Host) {
			example.Set(&h.CPUVulnerabilities, map[string]string{"meltdown": states[0], "srbds": states[len(states)-1]})
		})
	}
	noLSM := func(change func(*snapshot.Host)) func(*snap) {
		return example.Host(func(h *snapshot.Host) {
			example.Set(&h.AppArmor, snapshot.AppArmor{})
			example.Set(&h.SELinux, snapshot.SELinux{})
			change(h)
		})
	}
	user := func(uid int, rules snapshot.Fact[[]snapshot.SudoRule]) func(*snap) {
		return func(s *snap) {
			example.Set(&s.Host.Users, []snapshot.User{{Name: "u", UID: uid, SudoDocker: rules}})
		}
	}
	at := snapshot.At("sudoers", "/etc/sudoers")
	asked, free := snapshot.SudoRule{Where: "/etc/sudoers:9", Command: "/usr/bin/docker"}, snapshot.SudoRule{Where: "/etc/sudoers:9", Command: "/usr/bin/docker", NoPasswd: true}
	for _, tt := range []struct {
		name, rule string
		change     func(*snap)
		want       rule.Verdict
		says       string // "": anything
	}{
		{"a flaw that the kernel cannot tell of", cpu, flaws("Mitigation: PTI", "Unknown: Dependent on hypervisor status"), rule.Unknown, ""},
		{"the same beside an open one", cpu, flaws("Vulnerable", "Unknown: Dependent on hypervisor status"), rule.Failed, "no mitigation is in force for meltdown"},
		{"a virtual machine's neighbour", cpu, flaws("Mitigation: Clear CPU buffers; SMT vulnerable"), rule.Passed, ""},
		{"a kernel before 4.15", cpu, example.Host(func(h *snapshot.Host) {
			h.CPUVulnerabilities = snapshot.None[map[string]string](h.CPUVulnerabilities.Origin())
		}), rule.NotApplicable, ""},

		{"a rootless engine", users, example.Engine(example.Rootless), rule.NotApplicable, ""},
		{"an engine that remaps users", users, example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.UserNSRemap, true) }), rule.NotApplicable, ""},
		{"a rootless engine on another machine", users, example.Engine(func(e *snapshot.Engine) { example.Rootless(e); e.Local = false }), rule.Failed, ""},
		{"engines not all known", users, func(s *snap) { s.AllEngines.Blind(denied) }, rule.Unknown, ""},
		{"engines not all known, where it does not matter", users, func(s *snap) {
			s.AllEngines.Blind(denied)
			example.Set(&s.Host.UserNamespaces, snapshot.UserNS{Supported: true})
		}, rule.Passed, ""},

		{"other modules", lsm, noLSM(func(h *snapshot.Host) { example.Set(&h.LSMs, []string{"capability", "yama"}) }), rule.Failed, "neither AppArmor nor SELinux is on; the kernel runs capability, yama"},
		{"other modules not known", lsm, noLSM(func(h *snapshot.Host) { h.LSMs.Blind(denied) }), rule.Failed, "neither AppArmor nor SELinux is on"},
		{"no SELinux", selinux, noLSM(func(*snapshot.Host) {}), rule.NotApplicable, ""},

		{"with a password", sudo, user(1000, snapshot.See([]snapshot.SudoRule{asked}, at)), rule.Failed, "u may become root by sudo /usr/bin/docker (/etc/sudoers:9)"},
		{"without one", sudo, user(1000, snapshot.See([]snapshot.SudoRule{free}, at)), rule.Failed, "u may become root by sudo /usr/bin/docker (/etc/sudoers:9, without a password)"},
		{"root", sudo, user(0, snapshot.See([]snapshot.SudoRule{free}, at)), rule.NotApplicable, ""},
		{"root, sudoers not readable", sudo, user(0, snapshot.Lost[[]snapshot.SudoRule](denied, at)), rule.NotApplicable, ""},
	} {
		if got := judged(t, tt.rule, tt.change); got.Verdict != tt.want || tt.says != "" && got.Message != tt.says {
			t.Errorf("%s, %s: %s (%s), want %s (%s)", tt.rule, tt.name, got.Verdict, got.Message, tt.want, tt.says)
		}
	}
}

// TestCorePattern: what the kernel runs at a crash, with an engine that keeps
// its data in /srv/docker/ and one on another machine that has /opt/docker.
func TestCorePattern(t *testing.T) {
	for pattern, want := range map[string]string{
		"core": "", "/var/lib/docker/core.%p": "", // files, no programs
		"|/usr/share/apport/apport %p": "", "|/var/lib/dockerish/x": "", "|/opt/docker/x": "", "|/process/x": "",
		"|/var/lib/docker/overlay2/a/diff/x %p %s":       "crashes start /var/lib/docker/overlay2/a/diff/x, which is below /var/lib/docker, as root on the host",
		"| /var/lib/docker/x\n":                          "crashes start /var/lib/docker/x, which is below /var/lib/docker, as root on the host",
		"|/usr/../var//lib/docker/x":                     "crashes start /var/lib/docker/x, which is below /var/lib/docker, as root on the host",
		"|/var/lib/containerd/snapshots/1/fs/x":          "crashes start /var/lib/containerd/snapshots/1/fs/x, which is below /var/lib/containerd, as root on the host",
		"|/var/lib/containers/storage/overlay/a/diff/x":  "crashes start /var/lib/containers/storage/overlay/a/diff/x, which is below /var/lib/containers, as root on the host",
		"|/run/containerd/io.containerd.runtime/x/x %P":  "crashes start /run/containerd/io.containerd.runtime/x/x, which is below /run/containerd, as root on the host",
		"|/var/run/containerd/io.containerd.runtime/x/x": "crashes start /run/containerd/io.containerd.runtime/x/x, which is below /run/containerd, as root on the host",
		"|/proc/%P/root/x":                               "crashes start /proc/%P/root/x, which is below /proc, as root on the host",
		"|/srv/docker/overlay2/a/diff/x":                 "crashes start /srv/docker/overlay2/a/diff/x, which is below /srv/docker/, as root on the host",
	} {
		got := judged(t, "host-core-pattern-in-container", func(s *snapshot.Snapshot) {
			example.Sysctl("kernel.core_pattern", pattern)(s)
			remote := s.Engines[0]
			remote.Name, remote.Local, remote.Settings.DataRoot = "ssh://other", false, snapshot.See("/opt/docker", snapshot.At("DockerRootDir", "GET /info"))
			example.Set(&s.Engines[0].Settings.DataRoot, "/srv/docker/")
			s.Engines = append(s.Engines, remote)
		})
		if (got.Verdict == rule.Failed) != (want != "") || want == "" && got.Verdict != rule.Passed || want != "" && got.Message != want {
			t.Errorf("%q: %s (%s), want %s", pattern, got.Verdict, got.Message, want)
		}
	}
}

// TestDedicated: what may listen on a host for containers alone.
func TestDedicated(t *testing.T) {
	type service = snapshot.Service
	base := strings.Fields(`/usr/sbin/sshd /usr/lib/openssh/sshd-session /usr/sbin/dropbear /usr/sbin/chronyd /usr/sbin/ntpd /usr/bin/ntpd-rs
		/usr/sbin/dhclient /usr/sbin/dhcpcd /usr/sbin/NetworkManager /usr/lib/systemd/systemd /sbin/init /usr/lib/systemd/systemd-resolved
		/usr/sbin/rsyslogd /usr/sbin/syslog-ng /usr/sbin/auditd /usr/lib/snapd/snapd /usr/bin/cloud-init /usr/sbin/qemu-ga
		/usr/bin/google_guest_agent /usr/bin/amazon-ssm-agent /usr/sbin/waagent`)
	for _, program := range base {
		if got := judged(t, "host-not-dedicated", serving(service{Address: "0.0.0.0:99", Program: program, Unit: "x.service"})); got.Verdict != rule.Passed {
			t.Errorf("%s: %s (%s), want a pass", program, got.Verdict, got.Message)
		}
	}
	for _, program := range strings.Fields("exim4 exim master sendmail sendmail-mta smtpd opensmtpd") {
		for address, want := range map[string]rule.Verdict{"127.0.0.1:25": rule.Passed, "[::1]:25": rule.Passed, "0.0.0.0:25": rule.Failed, "192.0.2.5:25": rule.Failed} {
			if got := judged(t, "host-not-dedicated", serving(service{Address: address, Program: "/usr/sbin/" + program})); got.Verdict != want {
				t.Errorf("%s on %s: %s (%s), want %s", program, address, got.Verdict, got.Message, want)
			}
		}
	}
	nobody := service{Address: "0.0.0.0:7"}
	for _, tt := range []struct {
		name     string
		services []service
		want     rule.Verdict
		says     string // "": anything
	}{
		{"a program", []service{{Address: "0.0.0.0:5432", Program: "/usr/lib/postgresql/17/bin/postgres", Unit: "postgresql@17-main.service"}}, rule.Failed, "services beside the engine: postgres (postgresql@17-main.service) on 0.0.0.0:5432"},
		{"a unit whose program is not known", []service{{Address: "0.0.0.0:80", Unit: "nginx.service"}}, rule.Failed, "services beside the engine: nginx.service on 0.0.0.0:80"},
		{"ssh.service", []service{{Address: "0.0.0.0:22", Unit: "ssh.service"}}, rule.Passed, ""},
		{"sshd.service", []service{{Address: "0.0.0.0:22", Unit: "sshd.service"}}, rule.Passed, ""},
		{"init.scope", []service{{Address: "0.0.0.0:22", Unit: "init.scope"}}, rule.Passed, ""},
		{"a unit of systemd's", []service{{Address: "127.0.0.53:53", Unit: "systemd-resolved.service"}}, rule.Passed, ""},
		{"a program that somebody started over ssh", []service{{Address: "0.0.0.0:8000", Program: "/usr/bin/python3.13", Unit: "ssh.service"}}, rule.Failed, ""},
		{"nothing known of it", []service{nobody}, rule.Unknown, ""},
		{"nothing known of one of two", []service{nobody, {Address: "0.0.0.0:80", Program: "/usr/sbin/nginx"}}, rule.Failed, "services beside the engine: nginx on 0.0.0.0:80"},
	} {
		if got := judged(t, "host-not-dedicated", serving(tt.services...)); got.Verdict != tt.want || tt.says != "" && got.Message != tt.says {
			t.Errorf("%s: %s (%s), want %s (%s)", tt.name, got.Verdict, got.Message, tt.want, tt.says)
		}
	}
}

func serving(services ...snapshot.Service) func(*snapshot.Snapshot) {
	return example.Host(func(h *snapshot.Host) { example.Set(&h.Services, services) })
}

// TestSysctls: the values of kernel settings that are good enough, and those
// that are not.
func TestSysctls(t *testing.T) {
	for _, tt := range []struct{ rule, name, good, bad string }{
		{"unprivileged-bpf", "kernel.unprivileged_bpf_disabled", "1 2", "0"},
		{"apparmor-userns", "kernel.apparmor_restrict_unprivileged_userns", "1", "0"},
		{"apparmor-unconfined", "kernel.apparmor_restrict_unprivileged_unconfined", "1", "0"},
		{"ptrace", "kernel.yama.ptrace_scope", "1 2 3", "0"},
		{"kernel-pointers", "kernel.kptr_restrict", "1 2", ""},
		{"kernel-log", "kernel.dmesg_restrict", "1", "0"},
		{"perf-events", "kernel.perf_event_paranoid", "2 3 4", "-1 0 1"},
		{"io-uring", "kernel.io_uring_disabled", "1 2", "0"},
		{"userfaultfd", "vm.unprivileged_userfaultfd", "0", "1"},
		{"bpf-jit", "net.core.bpf_jit_harden", "1 2", "0"},
		{"kexec", "kernel.kexec_load_disabled", "1", "0"},
		{"sysrq", "kernel.sysrq", "0 176 438", "1"},
		{"symlinks", "fs.protected_symlinks", "1", "0"},
		{"hardlinks", "fs.protected_hardlinks", "1", "0"},
		{"fifos", "fs.protected_fifos", "1 2", "0"},
		{"regular-files", "fs.protected_regular", "1 2", "0"},
		{"suid-dumpable", "fs.suid_dumpable", "0 2", "1"},
		{"aslr", "kernel.randomize_va_space", "2", "0 1"},
		{"low-memory", "vm.mmap_min_addr", "32768 65536", "0 4096 32767"},
		{"terminal-injection", "dev.tty.legacy_tiocsti", "0", "1"},
		{"route-localnet", "net.ipv4.conf.all.route_localnet", "0", "1"},
	} {
		for values, want := range map[string]rule.Verdict{tt.good: rule.Passed, tt.bad: rule.Failed} {
			for value := range strings.FieldsSeq(values) {
				got := judged(t, "host-sysctl-"+tt.rule, example.Sysctl(tt.name, value+"\n"))
				if says := tt.name + " is " + value; got.Verdict != want || got.Message != says {
					t.Errorf("%s: %s (%s), want %s", says, got.Verdict, got.Message, want)
				}
			}
		}
		absent := func(s *snapshot.Snapshot) {
			s.Host.Sysctls[tt.name] = snapshot.None[string](snapshot.At("x", "/proc/sys"))
		}
		if got := judged(t, "host-sysctl-"+tt.rule, absent); got.Verdict != rule.NotApplicable && tt.rule != "kernel-pointers" {
			t.Errorf("a kernel without %s: %s (%s), want not applicable", tt.name, got.Verdict, got.Message)
		}
	}
}
