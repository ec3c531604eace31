package network_test

import (
	"strings"
	"testing"

	"seawall/rule"
	"seawall/rules/network"
	"seawall/snapshot"
	"seawall/trial"
)

var at = snapshot.At("x", "y")

// noAnswer is why something is not known.
var noAnswer = snapshot.Gap{Reason: snapshot.ReasonFailed, Detail: "no answer"}

// judge is what a rule says of the only network, or the swarm, of an engine.
func judge(t *testing.T, id string, s *snapshot.Snapshot) rule.Result {
	t.Helper()
	for _, r := range rule.Evaluate(s, network.Rules()) {
		if r.Rule == id {
			return r
		}
	}
	t.Fatalf("%s judges nothing", id)
	return rule.Result{}
}

// judgeNetwork is what a rule says of the default bridge, changed, with the
// snapshot that it is the only network of.
func judgeNetwork(t *testing.T, id string, change func(*snapshot.Snapshot, *snapshot.Network)) rule.Result {
	t.Helper()
	s := trial.Baseline()
	networks, _ := s.Engines[0].Networks.Peek()
	n := networks[0]
	change(s, &n)
	s.Engines[0].Networks = snapshot.See([]snapshot.Network{n}, at)
	return judge(t, id, s)
}

// TestNetworkApplies: which networks a rule is about, and how bad it is there.
func TestNetworkApplies(t *testing.T) {
	type net = snapshot.Network
	with := func(names ...string) snapshot.Fact[[]string] { return snapshot.See(names, at) }
	link := func(driver string, containers snapshot.Fact[[]string]) func(*net) {
		return func(n *net) {
			n.Driver, n.Parent, n.Containers = driver, snapshot.See("eth0", at), containers
			n.LinkMode = snapshot.Lost[string](noAnswer, at)
		}
	}
	tests := []struct {
		name, rule string
		change     func(*net)
		want       rule.Verdict
		severity   rule.Severity // 0: any
	}{
		{"user-defined bridge", "default-bridge-icc-enabled", func(n *net) { n.Name = "app" }, rule.NotApplicable, 0},
		{"overlay of that name", "default-bridge-icc-enabled", func(n *net) { n.Driver = "overlay" }, rule.NotApplicable, 0},
		{"one container", "default-bridge-icc-enabled", func(n *net) { n.ICC, n.Containers = snapshot.See(true, at), with("a") }, rule.Failed, rule.Low},
		{"two containers", "default-bridge-icc-enabled", func(n *net) { n.ICC, n.Containers = snapshot.See(true, at), with("a", "b") }, rule.Failed, rule.Medium},
		{"containers unknown", "default-bridge-icc-enabled", func(n *net) { n.ICC, n.Containers = snapshot.See(true, at), snapshot.Lost[[]string](noAnswer, at) }, rule.Failed, rule.Medium},
		{"bridge", "network-bypasses-host-filter", func(*net) {}, rule.NotApplicable, 0},
		{"internal macvlan", "network-bypasses-host-filter", func(n *net) { link("macvlan", with("a"))(n); n.Internal = true }, rule.NotApplicable, 0},
		{"macvlan, mode unknown", "network-bypasses-host-filter", link("macvlan", with("a")), rule.Failed, rule.Medium},
		{"macvlan without containers", "network-bypasses-host-filter", link("macvlan", with()), rule.Failed, rule.Low},
		{"macvlan, containers unknown", "network-bypasses-host-filter", link("macvlan", snapshot.Lost[[]string](noAnswer, at)), rule.Failed, rule.Medium},
		{"ipvlan, mode unknown", "network-bypasses-host-filter", link("ipvlan", with("a")), rule.Unknown, 0},
		{"overlay", "network-icc-not-enforced", func(n *net) { n.Driver = "overlay" }, rule.NotApplicable, 0},
		{"containers may reach each other", "network-icc-not-enforced", func(n *net) { n.ICC = snapshot.See(true, at) }, rule.NotApplicable, 0},
		{"overlay", "network-ignores-default-bind", func(n *net) { n.Name, n.Driver = "app", "overlay" }, rule.NotApplicable, 0},
		{"internal", "network-ignores-default-bind", func(n *net) { n.Name, n.Internal = "app", true }, rule.NotApplicable, 0},
		{"bridge of the swarm", "network-ignores-default-bind", func(n *net) { n.Name = "docker_gwbridge" }, rule.NotApplicable, 0},
		{"default bridge", "network-ignores-default-bind", func(*net) {}, rule.NotApplicable, 0},
		{"default bridge", "network-joins-projects", func(*net) {}, rule.NotApplicable, 0},
		{"ingress", "network-joins-projects", func(n *net) { n.Name, n.Ingress = "ingress", true }, rule.NotApplicable, 0},
		{"host", "network-joins-projects", func(n *net) { n.Name, n.Driver = "host", "host" }, rule.NotApplicable, 0},
		{"none", "network-joins-projects", func(n *net) { n.Name, n.Driver = "none", "null" }, rule.NotApplicable, 0},
		{"overlay", "network-ports-unprotected", func(n *net) { n.Driver = "overlay" }, rule.NotApplicable, 0},
		{"internal", "network-ports-unprotected", func(n *net) { n.Internal = true }, rule.NotApplicable, 0},
		{"overlay", "network-trusts-interface", func(n *net) { n.Driver = "overlay" }, rule.NotApplicable, 0},
		{"internal", "network-trusts-interface", func(n *net) { n.Internal = true }, rule.NotApplicable, 0},
		{"bridge", "overlay-attachable", func(*net) {}, rule.NotApplicable, 0},
		{"ingress", "overlay-attachable", func(n *net) { n.Driver, n.Ingress = "overlay", true }, rule.NotApplicable, 0},
	}
	for _, tt := range tests {
		got := judgeNetwork(t, tt.rule, func(_ *snapshot.Snapshot, n *net) { tt.change(n) })
		if got.Verdict != tt.want || tt.severity != 0 && got.Severity != tt.severity {
			t.Errorf("%s, %s: %s %s (%s), want %s %s", tt.rule, tt.name, got.Verdict, got.Severity, got.Message, tt.want, tt.severity)
		}
	}
}

// TestNetworkAmidst: what else of engine and host decides about a network.
func TestNetworkAmidst(t *testing.T) {
	type (
		snap = snapshot.Snapshot
		net  = snapshot.Network
	)
	sysctl := func(s *snap, name, value string) {
		s.Host.Sysctls["net.bridge.bridge-nf-call-"+name] = snapshot.See(value, at)
	}
	process := func(s *snap, change func(*snapshot.DaemonProcess)) {
		sysctl(s, "iptables", "0") // were it the engine's, the rule would fail
		p, _ := s.Engines[0].Daemon.Process.Peek()
		change(&p)
		s.Engines[0].Daemon.Process = snapshot.See(p, at)
	}
	// on puts containers of these projects on the network, and leaves others beside it.
	on := func(projects ...string) func(*snap, *net) {
		return func(s *snap, n *net) {
			var names []string
			containers := []snapshot.Container{{Name: "x", Project: "crm"}, {Name: "y", Project: "erp"}, {Name: "z", Project: "cms"}}
			for _, p := range projects {
				name := p + strings.Repeat("i", len(names))
				names = append(names, name)
				containers = append(containers, snapshot.Container{Name: name, Project: p})
			}
			n.Name, n.ICC, n.Containers = "app", snapshot.See(true, at), snapshot.See(names, at)
			s.Engines[0].Containers = snapshot.See(containers, at)
		}
	}
	binds := func(engine, network string) func(*snap, *net) {
		return func(s *snap, n *net) {
			n.Name, n.HostBinding, s.Engines[0].Settings.IP = "app", snapshot.See(network, at), snapshot.See(engine, at)
		}
	}
	const icc, bind, joins = "network-icc-not-enforced", "network-ignores-default-bind", "network-joins-projects"
	tests := []struct {
		name, rule string
		change     func(*snap, *net)
		want       rule.Verdict
		says       string
	}{
		{"the engine filters nothing", icc, func(s *snap, _ *net) { s.Engines[0].Settings.IPTables = snapshot.See(false, at) }, rule.Failed, "iptables is false"},
		{"the engine does not filter IPv6", icc, func(s *snap, n *net) { n.IPv6, s.Engines[0].Settings.IP6Tables = true, snapshot.See(false, at) }, rule.Failed, "ip6tables is false"},
		{"whether the engine filters IPv6 is not known", icc, func(s *snap, n *net) {
			n.IPv6, s.Engines[0].Settings.IP6Tables = true, snapshot.Lost[bool](noAnswer, at)
		}, rule.Unknown, ""},
		{"the same, and the kernel does not filter IPv4", icc, func(s *snap, n *net) {
			n.IPv6, s.Engines[0].Settings.IP6Tables = true, snapshot.Lost[bool](noAnswer, at)
			sysctl(s, "iptables", "0")
		}, rule.Failed, "iptables is 0"},
		{"no IPv6 to filter", icc, func(s *snap, _ *net) {
			s.Engines[0].Settings.IP6Tables = snapshot.See(false, at)
			sysctl(s, "ip6tables", "0")
		}, rule.Passed, ""},
		{"module not loaded", icc, func(s *snap, _ *net) {
			s.Host.Sysctls["net.bridge.bridge-nf-call-iptables"] = snapshot.None[string](at)
		}, rule.Failed, "br_netfilter is not loaded"},
		{"namespaces unknown", icc, func(s *snap, _ *net) { process(s, func(p *snapshot.DaemonProcess) { p.Namespaces = nil }) }, rule.Unknown, "may not be read"},
		{"network namespace of its own", icc, func(s *snap, _ *net) {
			process(s, func(p *snapshot.DaemonProcess) { p.OwnNamespaces = []string{"mnt", "net"} })
		}, rule.Unknown, "namespace of its own"},
		{"mount namespace of its own", icc, func(s *snap, _ *net) {
			process(s, func(p *snapshot.DaemonProcess) { p.OwnNamespaces = []string{"mnt"} })
		}, rule.Failed, "iptables is 0"},

		{"no setting to ignore", bind, binds("", ""), rule.NotApplicable, ""},
		{"a setting that says all", bind, binds("::", ""), rule.NotApplicable, ""},
		{"a setting to ignore", bind, binds("192.0.2.5", "::"), rule.Failed, "192.0.2.5"},

		{"three projects", joins, on("shop", "shop", "wiki", "mail"), rule.Failed, "4 containers of 3 projects reach each other on app: mail, shop, wiki"},
		{"two projects, two containers each", joins, on("shop", "shop", "wiki", "wiki"), rule.Passed, ""},
		{"two projects and a container of none", joins, on("shop", "", "wiki"), rule.Passed, ""},
		{"three projects, icc unknown", joins, func(s *snap, n *net) {
			on("shop", "wiki", "mail")(s, n)
			n.ICC = snapshot.Lost[bool](noAnswer, at)
		}, rule.Unknown, ""},
		{"three projects kept apart", joins, func(s *snap, n *net) {
			on("shop", "wiki", "mail")(s, n)
			n.ICC = snapshot.See(false, at)
		}, rule.Passed, "keeps its containers apart"},
		{"three projects on an overlay, which keeps nobody apart", joins, func(s *snap, n *net) {
			on("shop", "wiki", "mail")(s, n)
			n.Driver, n.ICC = "overlay", snapshot.None[bool](at)
		}, rule.Failed, ""},
		{"two containers, whatever else runs", joins, func(s *snap, n *net) {
			on("shop", "wiki")(s, n)
			s.Engines[0].Containers = snapshot.Lost[[]snapshot.Container](noAnswer, at)
		}, rule.Passed, ""},
		{"three containers of unknown projects", joins, func(s *snap, n *net) {
			on("shop", "wiki", "mail")(s, n)
			s.Engines[0].Containers = snapshot.Lost[[]snapshot.Container](noAnswer, at)
		}, rule.Unknown, ""},
		{"containers unknown", joins, func(s *snap, n *net) {
			on("shop", "wiki", "mail")(s, n)
			n.Containers = snapshot.Lost[[]string](noAnswer, at)
		}, rule.Unknown, ""},
	}
	for _, tt := range tests {
		got := judgeNetwork(t, tt.rule, tt.change)
		if got.Verdict != tt.want || !strings.Contains(got.Message, tt.says) {
			t.Errorf("%s, %s: %s (%s), want %s (%s)", tt.rule, tt.name, got.Verdict, got.Message, tt.want, tt.says)
		}
	}
}

// TestSwarmApplies: a worker does not know the swarm; without services, configs
// and workers there is nothing to judge of them; up to seven managers are
// of use.
func TestSwarmApplies(t *testing.T) {
	for _, id := range []string{"swarm-autolock-off", "swarm-certificate-expiry", "swarm-config-holds-secret", "swarm-manager-count",
		"swarm-manager-runs-workloads", "swarm-service-secret-in-environment", "swarm-service-host-network"} {
		s := trial.Baseline()
		s.Engines[0].Swarm = snapshot.See(snapshot.Swarm{NodeID: "n"}, at)
		if got := judge(t, id, s); got.Verdict != rule.NotApplicable {
			t.Errorf("%s of a worker: %s (%s)", id, got.Verdict, got.Message)
		}
	}
	for _, id := range []string{"swarm-config-holds-secret", "swarm-manager-runs-workloads", "swarm-service-secret-in-environment", "swarm-service-host-network"} {
		s := trial.Baseline()
		alone := snapshot.Swarm{NodeID: "n", Manager: true, Managers: 1, Nodes: 1,
			Services: snapshot.See([]snapshot.SwarmService(nil), at), Configs: snapshot.See([]snapshot.SwarmConfig(nil), at),
			NodeList: snapshot.See([]snapshot.SwarmNode{{Name: "n", Manager: true, Availability: "active"}}, at)}
		s.Engines[0].Swarm = snapshot.See(alone, at)
		if got := judge(t, id, s); got.Verdict != rule.NotApplicable {
			t.Errorf("%s of an empty swarm of one node: %s (%s)", id, got.Verdict, got.Message)
		}
	}
	for managers, want := range map[int]rule.Verdict{0: rule.Unknown, 1: rule.Passed, 2: rule.Failed, 7: rule.Passed, 8: rule.Failed, 9: rule.Failed} {
		s := trial.Baseline()
		s.Engines[0].Swarm = snapshot.See(snapshot.Swarm{NodeID: "n", Manager: true, Managers: managers, Nodes: 12}, at)
		if got := judge(t, "swarm-manager-count", s); got.Verdict != want {
			t.Errorf("%d managers: %s (%s), want %s", managers, got.Verdict, got.Message, want)
		}
	}
}

// TestServiceMounts: what a service may not have of its node; an engine's socket
// is the matter of one rule only.
func TestServiceMounts(t *testing.T) {
	const socket, path = "swarm-service-engine-socket", "swarm-service-sensitive-mount"
	tests := []struct {
		source      string
		readOnly    bool
		socket, all rule.Verdict
		says        string // of the socket
	}{
		{"/srv/data", false, rule.Passed, rule.Passed, ""},
		{"/run/docker.sock", false, rule.Failed, rule.Passed, "web (/run/docker.sock)"},
		{"/home/alice/.docker/run/docker.sock", false, rule.Failed, rule.Passed, ""},
		{"/var/run", false, rule.Failed, rule.Failed, "web (/var/run, which contains /run/docker.sock)"},
		{"/run/docker", false, rule.Failed, rule.Failed, "contains /run/docker/containerd/containerd.sock)"},
		{"/run/containerd", true, rule.Failed, rule.Failed, "contains /run/containerd/containerd.sock)"},
		{"/etc/systemd", false, rule.Passed, rule.Failed, ""},
		{"/etc/systemd", true, rule.Passed, rule.Passed, ""},
	}
	for _, tt := range tests {
		s := trial.Baseline()
		mounts := []snapshot.ServiceMount{{Source: "/srv/a"}, {Source: tt.source, Target: "/x", ReadOnly: tt.readOnly}, {Source: "/srv/b"}}
		services := []snapshot.SwarmService{{Name: "web", ServiceSpec: snapshot.ServiceSpec{Mounts: mounts}}}
		s.Engines[0].Swarm = snapshot.See(snapshot.Swarm{NodeID: "n", Manager: true, Managers: 1, Services: snapshot.See(services, at)}, at)
		for id, want := range map[string]rule.Verdict{socket: tt.socket, path: tt.all} {
			if got := judge(t, id, s); got.Verdict != want || id == socket && !strings.Contains(got.Message, tt.says) {
				t.Errorf("%s, %s, read-only %t: %s (%s), want %s (%s)", id, tt.source, tt.readOnly, got.Verdict, got.Message, want, tt.says)
			}
		}
	}
}

// TestServiceCapabilities: each of these lets a service's containers out.
func TestServiceCapabilities(t *testing.T) {
	for capability, want := range map[string]rule.Verdict{
		"SYS_ADMIN": rule.Failed, "SYS_MODULE": rule.Failed, "SYS_RAWIO": rule.Failed, "SYS_PTRACE": rule.Failed,
		"DAC_READ_SEARCH": rule.Failed, "BPF": rule.Failed, "NET_ADMIN": rule.Failed, "ALL": rule.Failed, "NET_BIND_SERVICE": rule.Passed, "CHOWN": rule.Passed,
	} {
		s := trial.Baseline()
		services := []snapshot.SwarmService{{Name: "web", ServiceSpec: snapshot.ServiceSpec{CapAdd: snapshot.Caps(capability)}}}
		s.Engines[0].Swarm = snapshot.See(snapshot.Swarm{NodeID: "n", Manager: true, Managers: 1, Services: snapshot.See(services, at)}, at)
		if got := judge(t, "swarm-service-capability", s); got.Verdict != want {
			t.Errorf("%s: %s (%s), want %s", capability, got.Verdict, got.Message, want)
		} else if capability == "ALL" && !strings.Contains(got.Message, "web (all capabilities)") {
			t.Errorf("%s: %s", capability, got.Message)
		}
	}
}

// TestUnprotectedByVersion: engines before 28.0 know no unprotected ports and no
// trusted interfaces; of a version that is not understood nothing is told.
func TestUnprotectedByVersion(t *testing.T) {
	for version, want := range map[string]rule.Verdict{
		"20.10.24": rule.NotApplicable, "27.5.1": rule.NotApplicable, "28.0.0": rule.Failed, "29.1.0": rule.Failed, "dev": rule.Unknown,
	} {
		for _, id := range []string{"network-ports-unprotected", "network-trusts-interface"} {
			got := judgeNetwork(t, id, func(s *snapshot.Snapshot, n *snapshot.Network) {
				s.Engines[0].Version = snapshot.See(version, at)
				n.GatewayMode4, n.TrustedInterfaces = snapshot.See("nat-unprotected", at), snapshot.See([]string{"eth1"}, at)
			})
			if got.Verdict != want {
				t.Errorf("%s, %s: %s (%s), want %s", id, version, got.Verdict, got.Message, want)
			}
		}
	}
}

// TestOverlayBySwarm: in a swarm of one node nothing crosses the wire. Only a
// manager knows how many there are.
func TestOverlayBySwarm(t *testing.T) {
	seen := func(manager bool, nodes int) snapshot.Fact[snapshot.Swarm] {
		return snapshot.See(snapshot.Swarm{NodeID: "n", Manager: manager, Managers: 1, Nodes: nodes}, at)
	}
	tests := []struct {
		name  string
		swarm snapshot.Fact[snapshot.Swarm]
		want  rule.Severity
	}{
		{"one node", seen(true, 1), rule.Low},
		{"two nodes", seen(true, 2), rule.Medium},
		{"a worker", seen(false, 1), rule.Medium},
		{"not seen", snapshot.Lost[snapshot.Swarm](noAnswer, at), rule.Medium},
	}
	for _, tt := range tests {
		s := trial.Baseline()
		s.Engines[0].Swarm = tt.swarm
		n := snapshot.Network{ID: "o1", Name: "app", Driver: "overlay", Scope: "swarm", Encrypted: snapshot.See(false, at)}
		s.Engines[0].Networks = snapshot.See([]snapshot.Network{n}, at)
		if got := judge(t, "overlay-not-encrypted", s); got.Verdict != rule.Failed || got.Severity != tt.want {
			t.Errorf("%s: %s %s (%s), want %s", tt.name, got.Verdict, got.Severity, got.Message, tt.want)
		}
	}
}
