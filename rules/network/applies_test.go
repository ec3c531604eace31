package network_test

import (
	"testing"

	"seawall/rule"
	"seawall/rules/network"
	"seawall/snapshot"
	"seawall/trial"
)

var at = snapshot.At("x", "y")

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

// TestNetworkApplies: which networks a rule is about, and how bad it is there.
func TestNetworkApplies(t *testing.T) {
	type net = snapshot.Network
	with := func(names ...string) snapshot.Fact[[]string] { return snapshot.See(names, at) }
	link := func(driver string, containers snapshot.Fact[[]string]) func(*net) {
		return func(n *net) {
			n.Driver, n.Parent, n.Containers = driver, snapshot.See("eth0", at), containers
			n.LinkMode = snapshot.Lost[string](snapshot.Gap{Reason: snapshot.ReasonFailed, Detail: "no answer"}, at)
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
		{"bridge", "network-bypasses-host-filter", func(*net) {}, rule.NotApplicable, 0},
		{"internal macvlan", "network-bypasses-host-filter", func(n *net) { link("macvlan", with("a"))(n); n.Internal = true }, rule.NotApplicable, 0},
		{"macvlan, mode unknown", "network-bypasses-host-filter", link("macvlan", with("a")), rule.Failed, rule.Medium},
		{"macvlan without containers", "network-bypasses-host-filter", link("macvlan", with()), rule.Failed, rule.Low},
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
		s := trial.Baseline()
		networks, _ := s.Engines[0].Networks.Peek()
		n := networks[0]
		tt.change(&n)
		s.Engines[0].Networks = snapshot.See([]net{n}, at)
		s.Engines[0].Settings.IP = snapshot.See("127.0.0.1", at)
		got := judge(t, tt.rule, s)
		if got.Verdict != tt.want || tt.severity != 0 && got.Severity != tt.severity {
			t.Errorf("%s, %s: %s %s (%s), want %s %s", tt.rule, tt.name, got.Verdict, got.Severity, got.Message, tt.want, tt.severity)
		}
	}
}

// TestSwarmApplies: a worker does not know the swarm; up to seven managers are
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
	}{
		{"/srv/data", false, rule.Passed, rule.Passed},
		{"/run/docker.sock", false, rule.Failed, rule.Passed},
		{"/run/docker", false, rule.Failed, rule.Failed},
		{"/run/containerd", true, rule.Failed, rule.Failed},
		{"/etc/systemd", false, rule.Passed, rule.Failed},
		{"/etc/systemd", true, rule.Passed, rule.Passed},
	}
	for _, tt := range tests {
		s := trial.Baseline()
		mounts := []snapshot.ServiceMount{{Source: tt.source, Target: "/x", ReadOnly: tt.readOnly}}
		services := []snapshot.SwarmService{{Name: "web", ServiceSpec: snapshot.ServiceSpec{Mounts: mounts}}}
		s.Engines[0].Swarm = snapshot.See(snapshot.Swarm{NodeID: "n", Manager: true, Managers: 1, Services: snapshot.See(services, at)}, at)
		for id, want := range map[string]rule.Verdict{socket: tt.socket, path: tt.all} {
			if got := judge(t, id, s); got.Verdict != want {
				t.Errorf("%s, %s, read-only %t: %s (%s), want %s", id, tt.source, tt.readOnly, got.Verdict, got.Message, want)
			}
		}
	}
}

// TestServiceCapabilities: each of these lets a service's containers out.
func TestServiceCapabilities(t *testing.T) {
	for capability, want := range map[string]rule.Verdict{
		"SYS_ADMIN": rule.Failed, "SYS_MODULE": rule.Failed, "SYS_RAWIO": rule.Failed, "SYS_PTRACE": rule.Failed,
		"DAC_READ_SEARCH": rule.Failed, "BPF": rule.Failed, "NET_ADMIN": rule.Failed, "NET_BIND_SERVICE": rule.Passed, "CHOWN": rule.Passed,
	} {
		s := trial.Baseline()
		services := []snapshot.SwarmService{{Name: "web", ServiceSpec: snapshot.ServiceSpec{CapAdd: snapshot.Caps(capability)}}}
		s.Engines[0].Swarm = snapshot.See(snapshot.Swarm{NodeID: "n", Manager: true, Managers: 1, Services: snapshot.See(services, at)}, at)
		if got := judge(t, "swarm-service-capability", s); got.Verdict != want {
			t.Errorf("%s: %s (%s), want %s", capability, got.Verdict, got.Message, want)
		}
	}
}

// TestUnprotectedByVersion: engines before 28.0 know no unprotected ports; of a
// version that is not understood nothing is told.
func TestUnprotectedByVersion(t *testing.T) {
	for version, want := range map[string]rule.Verdict{
		"20.10.24": rule.NotApplicable, "27.5.1": rule.NotApplicable, "28.0.0": rule.Failed, "29.1.0": rule.Failed, "dev": rule.Unknown,
	} {
		s := trial.Baseline()
		networks, _ := s.Engines[0].Networks.Peek()
		n := networks[0]
		n.GatewayMode4 = snapshot.See("nat-unprotected", at)
		s.Engines[0].Networks = snapshot.See([]snapshot.Network{n}, at)
		s.Engines[0].Version = snapshot.See(version, at)
		if got := judge(t, "network-ports-unprotected", s); got.Verdict != want {
			t.Errorf("%s: %s (%s), want %s", version, got.Verdict, got.Message, want)
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
		{"not seen", snapshot.Lost[snapshot.Swarm](snapshot.Gap{Reason: snapshot.ReasonFailed, Detail: "no answer"}, at), rule.Medium},
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
