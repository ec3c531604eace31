package engine

import (
	"slices"
	"strings"
	"testing"
	"time"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
	"seawall/trial"
)

// judged is the result of one rule for the engine of an example, changed.
func judged(t *testing.T, id string, facts func(*snapshot.Snapshot), change func(engine)) rule.Result {
	t.Helper()
	s, err := trial.Load(rule.Example{Facts: facts})
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&s.Engines[0])
	}
	rules := Rules()
	i := slices.IndexFunc(rules, func(r *rule.Rule) bool { return r.ID == id })
	results := rule.Evaluate(s, rules[i:i+1])
	if len(results) != 1 {
		t.Fatalf("%s: %d results, want one", id, len(results))
	}
	return results[0]
}

// unread is a reason for which a test takes a fact away.
var unread = snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "a test"}

type engine = *snapshot.Engine

func on(f *snapshot.Fact[bool])       { example.Set(f, true) }
func off(f *snapshot.Fact[bool])      { example.Set(f, false) }
func lost[T any](f *snapshot.Fact[T]) { f.Blind(unread) }

// TestVerdicts: what a person would say of engines that no example shows.
func TestVerdicts(t *testing.T) {
	greetedPort, ungreetedPort, containerdsPort := trial.TCPListener("0.0.0.0:2375"), trial.TCPListener("0.0.0.0:2375"), trial.TCPListener("127.0.0.1:1338")
	lost(&ungreetedPort.Handshake)
	containerdsPort.Service = "containerd"
	listensOn := func(l snapshot.Listener) func(engine) {
		return func(e engine) { example.Set(&e.Listeners, []snapshot.Listener{l}) }
	}
	enabled := func(p snapshot.Plugin) func(*snapshot.Snapshot) {
		p.Name, p.Enabled = "example", true
		return plugins(p)
	}
	andOld := func(f *snapshot.RegistryFile) {
		old := f.Certificates[0]
		old.NotAfter = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
		f.Certificates = append(f.Certificates, old)
	}
	six := func(e engine, driver string, has bool) {
		example.Set(&e.Networks, []snapshot.Network{{Name: "app", Driver: driver, IPv6: has}})
	}
	socket := func(change func(*snapshot.File)) func(engine) {
		return func(e engine) {
			specs, _ := e.Daemon.PluginSpecs.Peek()
			f, _ := specs[0].Socket.Peek()
			change(&f)
			example.Set(&specs[0].Socket, f)
		}
	}
	for _, tt := range []struct {
		rule, name string
		facts      func(*snapshot.Snapshot)
		change     func(engine)
		want       rule.Verdict
		says       string
	}{
		{"engine-runs-as-root", "Podman may be root's too", nil, func(e engine) { e.Kind = "podman" }, rule.Failed, "runs as root"},
		{"engine-debug-on", "Podman has no daemon", nil, func(e engine) { e.Kind = "podman" }, rule.NotApplicable, "Podman"},

		{"engine-api-exposed-warning", "a port that was greeted is judged as a listener", warned(open("0.0.0.0")), listensOn(greetedPort), rule.Passed, "judged themselves"},
		{"engine-api-exposed-warning", "another port was greeted", warned(open("0.0.0.0")), listensOn(trial.TCPListener("0.0.0.0:2376")), rule.Failed, "on http://0.0.0.0:2375"},
		{"engine-api-exposed-warning", "the port was not greeted", warned(open("0.0.0.0")), listensOn(ungreetedPort), rule.Failed, "on http://0.0.0.0:2375"},

		{"engine-apparmor-off", "a host without AppArmor", hostAppArmor(snapshot.AppArmor{}), nil, rule.NotApplicable, "no AppArmor"},
		{"engine-apparmor-off", "a rootless engine", nil, func(e engine) { example.Rootless(e); off(&e.Settings.AppArmor) }, rule.NotApplicable, "rootless"},
		{"engine-apparmor-off", "not known whether rootless", nil, func(e engine) { lost(&e.Settings.Rootless); off(&e.Settings.AppArmor) }, rule.Unknown, ""},

		{"engine-authorization-bypass", "no plugin", nil, nil, rule.NotApplicable, "no authorization plugin"},
		{"engine-authorization-bypass", "the first release of the next branch", guarded("26.0.0"), nil, rule.Failed, "26.0.0"},
		{"engine-authorization-bypass", "a branch before all that were mended", guarded("24.0.9"), nil, rule.Failed, "24.0.9"},
		{"engine-authorization-bypass", "a later branch", guarded("30.0.0"), nil, rule.Passed, "30.0.0"},

		{"engine-cgroup-parent-set", "the default with the driver cgroupfs", cgroupParent("/docker"), nil, rule.Passed, "default"},
		{"engine-cgroup-parent-set", "the same without a slash", cgroupParent("docker"), nil, rule.Passed, "default"},
		{"engine-cgroup-parent-set", "the default of a rootless engine", cgroupParent("user.slice"), nil, rule.Passed, "default"},

		{"engine-cors-header-set", "the last releases that have it", cors("27.5.1", "*", true), nil, rule.Failed, "lets web pages of * use it"},
		{"engine-cors-header-set", "a version that is not understood", cors("dev", "*", true), nil, rule.Unknown, ""},
		{"engine-cors-header-set", "only containerd has a port", cors("26.1.5", "*", false), listensOn(containerdsPort), rule.Failed, "would let"},

		{"engine-data-root-reachable", "the directory was not looked at", nil, func(e engine) { example.Set(&e.Daemon.Files, nil) }, rule.Unknown, ""},

		{"engine-direct-routing-allowed", "the last releases without it", nil, func(e engine) { example.Set(&e.Version, "27.5.1") }, rule.NotApplicable, "before 28.0"},
		{"engine-direct-routing-allowed", "a version that is not understood", nil, func(e engine) { example.Set(&e.Version, "dev") }, rule.Unknown, ""},

		{"engine-forward-policy-kept", "the engine forwards nothing", nil, func(e engine) { on(&e.Settings.IPForwardNoDrop); off(&e.Settings.IPForward) }, rule.NotApplicable, "does not turn on forwarding"},
		{"engine-forward-policy-kept", "the engine sets no packet filter", nil, func(e engine) { on(&e.Settings.IPForwardNoDrop); off(&e.Settings.IPTables) }, rule.NotApplicable, "no packet filter"},
		{"engine-forward-policy-kept", "not known whether it forwards", nil, func(e engine) { on(&e.Settings.IPForwardNoDrop); lost(&e.Settings.IPForward) }, rule.Unknown, ""},

		{"engine-ip6tables-off", "the driver macvlan passes the engine's filter by", nil, func(e engine) { off(&e.Settings.IP6Tables); six(e, "macvlan", true) }, rule.NotApplicable, "no bridge network has IPv6"},
		{"engine-ip6tables-off", "a bridge without IPv6", nil, func(e engine) { off(&e.Settings.IP6Tables); six(e, "bridge", false) }, rule.NotApplicable, "no bridge network has IPv6"},

		{"engine-legacy-storage-driver", "the first overlay", storage("overlay"), nil, rule.Failed, "overlay is no longer"},

		{"engine-live-restore-off", "a node of a swarm", aloneInSwarm(), func(e engine) { off(&e.Settings.LiveRestore) }, rule.NotApplicable, "swarm"},
		{"engine-live-restore-undone", "KillMode=none", killMode("none", true), nil, rule.Passed, "ends the daemon only"},
		{"engine-live-restore-undone", "started by hand", nil, func(e engine) { e.Daemon.Unit = snapshot.None[snapshot.Unit](e.Daemon.Unit.Origin()) }, rule.NotApplicable, "no systemd unit"},
		{"engine-live-restore-undone", "live restore is off", killMode("mixed", false), nil, rule.NotApplicable, "live restore is off"},

		{"engine-logs-local", "nothing is logged", logDriver("none"), nil, rule.NotApplicable, "engine-logging-off"},

		{"engine-old-api-accepted", "the lowest version is not told", minAPI(""), nil, rule.Unknown, ""},

		{"engine-oom-unprotected", "a rootless engine whose process is hidden", oomScore(0), func(e engine) { example.Rootless(e); lost(&e.Daemon.Process) }, rule.NotApplicable, "ordinary user"},

		{"engine-plugin-over-network", "no plugin", nil, nil, rule.NotApplicable, "no file describes a plugin"},

		{"engine-plugin-powerful", "no plugin", nil, nil, rule.NotApplicable, "no managed plugins"},
		{"engine-plugin-powerful", "not enabled", plugins(snapshot.Plugin{Name: "example", AllDevices: true}), nil, rule.Passed, "no enabled plugin"},
		{"engine-plugin-powerful", "all devices", enabled(snapshot.Plugin{AllDevices: true}), nil, rule.Failed, "all devices"},
		{"engine-plugin-powerful", "a disk", enabled(snapshot.Plugin{Devices: []string{"/dev/sda"}}), nil, rule.Failed, "the device /dev/sda"},
		{"engine-plugin-powerful", "what user space file systems need", enabled(snapshot.Plugin{Devices: []string{"/dev/fuse"}}), nil, rule.Passed, "no enabled plugin"},
		{"engine-plugin-powerful", "every home", enabled(snapshot.Plugin{Mounts: []string{"/home"}}), nil, rule.Failed, "the host path /home"},
		{"engine-plugin-powerful", "what cron runs", enabled(snapshot.Plugin{Mounts: []string{"/etc/cron.d"}}), nil, rule.Failed, "the host path /etc/cron.d"},
		{"engine-plugin-powerful", "kernel modules, read-only", enabled(snapshot.Plugin{ReadOnlyMounts: []string{"/lib/modules"}}), nil, rule.Passed, "no enabled plugin"},
		{"engine-plugin-powerful", "password hashes, read-only", enabled(snapshot.Plugin{ReadOnlyMounts: []string{"/etc"}}), nil, rule.Failed, "the host path /etc"},
		{"engine-plugin-powerful", "logs", enabled(snapshot.Plugin{Mounts: []string{"/var/log"}}), nil, rule.Passed, "no enabled plugin"},

		{"engine-plugin-socket-replaceable", "an address on the network", pluginAt("tcp://10.0.0.5:9000", false), nil, rule.NotApplicable, "no file describes a plugin with a socket"},
		{"engine-plugin-socket-replaceable", "an ordinary user's socket, open to everybody", pluginSocket(0o755), socket(func(f *snapshot.File) { f.UID, f.Owner = 1000, "alice" }), rule.Failed, "user alice (owner of /srv/opa/opa.sock)"},
		{"engine-plugin-socket-replaceable", "a user who may ask the plugin too", pluginSocket(0o755), socket(func(f *snapshot.File) { *f = withACL(*f) }), rule.Passed, "nobody else"},

		{"engine-proxy-password-readable", "no password", nil, nil, rule.Passed, "no password of a proxy"},
		{"engine-proxy-password-readable", "a file that was not looked at", proxy(0o600), func(e engine) { example.Set(&e.Daemon.Files, nil) }, rule.Unknown, "who may read /etc/systemd/system/docker.service.d/proxy.conf"},

		{"engine-registry-mirror-plaintext", "a mirror on this host, without a port", mirror("http://localhost/"), nil, rule.Passed, "on this host"},
		{"engine-registry-mirror-plaintext", "no mirror", nil, nil, rule.NotApplicable, "no registry mirrors"},

		{"engine-seccomp-off", "no seccomp in the kernel", seccomp(""), nil, rule.Failed, "no seccomp support"},
		{"engine-seccomp-off", "the built-in profile", seccomp("builtin"), nil, rule.Passed, "its built-in profile"},
		{"engine-seccomp-off", "its name before 23.0", seccomp("default"), nil, rule.Passed, "its built-in profile"},
		{"engine-seccomp-off", "a profile of one's own", seccomp("/etc/docker/seccomp.json"), nil, rule.Passed, "the profile /etc/docker/seccomp.json"},

		{"engine-selinux-off", "a host without SELinux", nil, nil, rule.NotApplicable, "no SELinux"},

		{"engine-settings-disagree", "the bridge has icc on", bridgeICC(true), nil, rule.Failed, "icc is true by GET /networks/bridge and false by /proc"},
		{"engine-settings-disagree", "the bridge has icc off", bridgeICC(false), func(e engine) { on(&e.Settings.ICC) }, rule.Failed, "icc is false by GET /networks/bridge and true by /proc"},
		{"engine-settings-disagree", "what was set is not known", bridgeICC(true), func(e engine) { lost(&e.Settings.ICC) }, rule.Unknown, ""},
		{"engine-settings-disagree", "what the bridge does is not known", nil, func(e engine) {
			on(&e.Settings.ICC)
			networks, _ := e.Networks.Peek()
			lost(&networks[0].ICC)
		}, rule.Unknown, ""},

		{"registry-certificate-expired", "a key has no date", registryFile(func(f *snapshot.RegistryFile) { f.Client, f.Certificates = true, nil }), nil, rule.Passed, "are valid"},
		{"registry-certificate-expired", "a valid certificate before an expired one", registryFile(andOld), nil, rule.Passed, "are valid"},
		{"registry-certificate-expired", "a client's expired certificate before its CA's", registryFile(func(f *snapshot.RegistryFile) { andOld(f); slices.Reverse(f.Certificates); f.Client = true }), nil, rule.Failed, "ended on 2025-01-01"},
		{"registry-certificate-expired", "a client's certificate before an expired CA's", registryFile(func(f *snapshot.RegistryFile) { andOld(f); f.Client = true }), nil, rule.Passed, "are valid"},
		{"registry-certificate-expired", "no file", nil, nil, rule.NotApplicable, "no registry has certificates of its own"},

		{"rootless-host-loopback-reachable", "an engine of root", nil, func(e engine) {
			example.Set(&e.Daemon.Rootlesskit, snapshot.Rootlesskit{Network: "pasta", HostLoopback: true})
		}, rule.NotApplicable, "not rootless"},
		{"rootless-host-loopback-reachable", "pasta", kit("pasta", true), nil, rule.Failed, "through pasta"},
		{"rootless-host-loopback-reachable", "vpnkit", kit("vpnkit", true), nil, rule.Failed, "through vpnkit"},
		{"rootless-host-loopback-reachable", "gvisor-tap-vsock", kit("gvisor-tap-vsock", true), nil, rule.Failed, "through gvisor-tap-vsock"},
		{"rootless-host-loopback-reachable", "lxc-user-nic has no such address", kit("lxc-user-nic", true), nil, rule.NotApplicable, "lxc-user-nic"},

		{"rootless-slow-storage-driver", "fuse-overlayfs", storage("fuse-overlayfs"), example.Rootless, rule.Failed, "fuse-overlayfs"},
		{"rootless-slow-storage-driver", "an engine of root", storage("vfs"), nil, rule.NotApplicable, "not rootless"},

		{"rootless-source-addresses-lost", "gvisor-tap-vsock", rootlesskit("3.0.0", "gvisor-tap-vsock", false), nil, rule.Failed, "gvisor-tap-vsock"},
		{"rootless-source-addresses-lost", "the port driver is not told", rootlesskit("3.0.0", "", false), nil, rule.Unknown, "does not name"},
		{"rootless-source-addresses-lost", "a version that is not understood", rootlesskit("dev", "builtin", false), nil, rule.Unknown, "not understood"},
		{"rootless-source-addresses-lost", "rootlesskit named before others", rootlesskit("2.3.4", "builtin", false), func(e engine) { example.Add(&e.Components, snapshot.Component{Name: "runc", Version: "1.3.3"}) }, rule.Failed, "rootlesskit 2.3.4"},
		{"rootless-source-addresses-lost", "an engine of root", nil, nil, rule.NotApplicable, "not rootless"},

		{"rootless-without-cgroup-delegation", "memory is not delegated", nil, func(e engine) {
			example.Rootless(e)
			example.Set(&e.Settings.Warnings, []string{"WARNING: No memory limit support"})
		}, rule.Failed, "cannot set: memory limit"},
		{"rootless-without-cgroup-delegation", "an engine of root", nil, nil, rule.NotApplicable, "not rootless"},
	} {
		got := judged(t, tt.rule, tt.facts, tt.change)
		if got.Verdict != tt.want || !strings.Contains(got.Message, tt.says) {
			t.Errorf("%s, %s: %s (%s), want %s (%s)", tt.rule, tt.name, got.Verdict, got.Message, tt.want, tt.says)
		}
	}
}

// TestPowerfulPlugins: each of these capabilities is a way to root on the host.
func TestPowerfulPlugins(t *testing.T) {
	for _, name := range []string{"SYS_ADMIN", "SYS_PTRACE", "SYS_MODULE", "SYS_RAWIO", "DAC_READ_SEARCH", "BPF"} {
		got := judged(t, "engine-plugin-powerful", plugins(snapshot.Plugin{Name: "example", Enabled: true, Capabilities: snapshot.Caps(name)}), nil)
		if got.Verdict != rule.Failed || !strings.Contains(got.Message, name) {
			t.Errorf("%s: %s (%s)", name, got.Verdict, got.Message)
		}
	}
}

// open is the engine's own warning about an address of its API.
func open(host string) string {
	return "WARNING: API is accessible on http://" + host + ":2375 without encryption."
}

// TestSeverities: what lessens a fault, and what does not.
func TestSeverities(t *testing.T) {
	for _, tt := range []struct {
		rule, name string
		facts      func(*snapshot.Snapshot)
		want       rule.Severity
	}{
		{"engine-api-exposed-warning", "every address", warned(open("0.0.0.0")), rule.Critical},
		{"engine-api-exposed-warning", "a loopback address", warned(open("127.0.0.1")), rule.High},
		{"engine-api-exposed-warning", "IPv6's loopback address", warned(open("[::1]")), rule.High},
		{"engine-api-exposed-warning", "both", warned(open("127.0.0.1"), open("192.0.2.1")), rule.Critical},
		{"engine-api-exposed-warning", "both, the other way round", warned(open("192.0.2.1"), open("127.0.0.1")), rule.Critical},
		{"engine-cors-header-set", "a TCP port", cors("26.1.5", "*", true), rule.High},
		{"engine-cors-header-set", "unix sockets only, where no browser comes", cors("26.1.5", "*", false), rule.Low},
		{"engine-old-api-accepted", "no authorization plugin", minAPI("1.23"), rule.Low},
		{"engine-old-api-accepted", "an authorization plugin", minAPI("1.23", "opa"), rule.Medium},
		{"engine-plugin-over-network", "another machine", pluginAt("tcp://10.0.0.5:9000", false), rule.High},
		{"engine-plugin-over-network", "a loopback address", pluginAt("tcp://127.0.0.1:9000", false), rule.Medium},
		{"engine-plugin-over-network", "IPv6's loopback address", pluginAt("http://[::1]:9000", false), rule.Medium},
		{"engine-plugin-over-network", "no address at all", pluginAt("tcp://a b", false), rule.High},
		{"rootless-without-cgroup-delegation", "no cgroups at all", example.Engine(func(e engine) { example.Rootless(e); example.Set(&e.Settings.CgroupDriver, "none") }), rule.Medium},
		{"rootless-without-cgroup-delegation", "some limits work", example.Engine(func(e engine) {
			example.Rootless(e)
			example.Set(&e.Settings.Warnings, []string{"WARNING: No cpu cfs quota support"})
		}), rule.Low},
		{"engine-runs-as-root", "root in containers is root", nil, rule.Medium},
		{"engine-runs-as-root", "user namespaces are remapped", example.Engine(func(e engine) { on(&e.Settings.UserNSRemap) }), rule.Low},
	} {
		if got := judged(t, tt.rule, tt.facts, nil); got.Verdict != rule.Failed || got.Severity != tt.want {
			t.Errorf("%s, %s: %s, %s (%s), want %s", tt.rule, tt.name, got.Verdict, got.Severity, got.Message, tt.want)
		}
	}
}

// TestSeveralPlugins: one that anybody on the network can be is enough.
func TestSeveralPlugins(t *testing.T) {
	for _, addresses := range [][]string{{"tcp://127.0.0.1:9000", "tcp://10.0.0.5:9000"}, {"tcp://10.0.0.5:9000", "tcp://127.0.0.1:9000"}} {
		var specs []snapshot.PluginSpec
		for _, address := range addresses {
			specs = append(specs, snapshot.PluginSpec{Name: "opa", File: "/etc/docker/plugins/opa.spec", Address: address})
		}
		got := judged(t, "engine-plugin-over-network", nil, func(e engine) { example.Set(&e.Daemon.PluginSpecs, specs) })
		if got.Severity != rule.High {
			t.Errorf("%v: %s", addresses, got.Severity)
		}
	}
}

// TestLoopbackRegistries: which entries of insecure-registries stay on this
// host.
func TestLoopbackRegistries(t *testing.T) {
	for entries, want := range map[string]rule.Verdict{
		"localhost localhost:5000 127.0.0.1 127.0.0.1:5000 ::1 [::1] [::1]:5000 127.0.0.0/8 127.1.0.0/16 127.0.0.1/32 ::1/128":                  rule.Passed,
		"registry.example registry.example:5000 10.0.0.5 10.0.0.5:5000 [fd00::5]:5000 fd00::5 10.0.0.0/8 127.0.0.0/7 ::1/127 ::1/8 fd00::5/128": rule.Failed,
	} {
		for entry := range strings.FieldsSeq(entries) {
			if got := judged(t, "engine-insecure-registry", registries(entry), nil); got.Verdict != want {
				t.Errorf("%s: %s, want %s", entry, got.Verdict, want)
			}
		}
	}
}

// TestWritableFiles: which rule judges who can change a file, by its role.
func TestWritableFiles(t *testing.T) {
	for _, tt := range []struct{ rule, roles string }{
		{"engine-config-writable", "config config-dir environment"},
		{"engine-unit-writable", "unit drop-in"},
		{"engine-plugin-directory-writable", "plugin-dir plugin"},
		{"engine-tls-file-writable", "tls-ca tls-cert tls-key certs-dir"},
		{"engine-containerd-config-writable", "containerd-config"},
		{"engine-binary-writable", "dockerd containerd containerd-shim-runc-v2 runc docker-init docker-proxy rootlesskit"},
		{"", "defaults data-root"}, // what nothing reads; data that everybody may write is engine-data-root-reachable
	} {
		for role := range strings.FieldsSeq(tt.roles) {
			s := trial.Baseline()
			example.EngineFile(example.File(role, "/srv/"+role, "file", 0o666))(s)
			var failing []string
			for _, r := range rule.Evaluate(s, Rules()) {
				if r.Verdict == rule.Failed && strings.HasSuffix(r.Rule, "-writable") {
					failing = append(failing, r.Rule)
				}
			}
			if got := strings.Join(failing, " "); got != tt.rule {
				t.Errorf("a file of the role %s that everybody may write: %q fails, want %q", role, got, tt.rule)
			}
		}
	}
}
