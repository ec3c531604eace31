package container

import (
	"slices"
	"strings"
	"testing"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
	"seawall/trial"
)

// apart gives the engine of an example a network of its own, like that of the
// machine, which itself sends nothing to containers.
func apart(s *snapshot.Snapshot) {
	own := s.Net[0]
	own.Namespace, own.Host = 7, false
	own.Stack = snapshot.Map(own.Stack, func(stack snapshot.NetStack) snapshot.NetStack {
		stack.Namespace = 7
		return stack
	})
	s.Net[0].Stack = snapshot.Map(s.Net[0].Stack, func(stack snapshot.NetStack) snapshot.NetStack {
		stack.Filter = snapshot.Map(stack.Filter, func(f snapshot.PacketFilter) snapshot.PacketFilter {
			f.Tables = slices.DeleteFunc(slices.Clone(f.Tables), func(t snapshot.FilterTable) bool { return t.Name == "nat" })
			return f
		})
		return stack
	})
	s.Net = append(s.Net, own)
	process, _ := s.Engines[0].Daemon.Process.Peek()
	process.Namespaces = map[string]uint64{"net": 7}
	example.Set(&s.Engines[0].Daemon.Process, process)
}

// withoutIPv4 leaves the machine nothing but lo, and eth0 with an address of IPv6.
func withoutIPv4(s *snapshot.Snapshot) {
	s.Net[0].Stack = snapshot.Map(s.Net[0].Stack, func(stack snapshot.NetStack) snapshot.NetStack {
		stack.Interfaces = slices.Clone(stack.Interfaces[:2])
		stack.Interfaces[1].Addresses = []string{"2001:db8::10/64"}
		return stack
	})
}

// TestBypassesFirewall: which published ports are open although the host's
// rules stop connections, and of which that is not known.
func TestBypassesFirewall(t *testing.T) {
	port := func(address, protocol string) snapshot.Port {
		return snapshot.Port{HostIP: address, HostPort: "8080", Port: 80, Protocol: protocol}
	}
	web := func(ports ...snapshot.Port) func(*snapshot.Snapshot) {
		return example.Running(example.Container{Name: "web", Network: "six", IPv4: "172.20.0.2", IPv6: "2001:db8:6::2", Ports: ports})
	}
	other := example.Running(example.Container{Name: "other", Network: "six", IPv4: "172.20.0.3", Ports: []snapshot.Port{{HostPort: "9090", Port: 90, Protocol: "tcp"}}})
	exited := example.Engine(func(e *snapshot.Engine) {
		list, _ := e.Containers.Peek()
		example.Set(&list[0].State, "exited")
	})
	rootless := example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.Rootless, true) })
	open, closed := web(port("0.0.0.0", "tcp")), web(port("127.0.0.1", "tcp"))
	for _, tt := range []struct {
		name, firewall string
		facts          func(*snapshot.Snapshot)
		after          func(*snapshot.Snapshot)
		want           rule.Verdict
		says           string
	}{
		{"a port for all", "", open, nil, rule.Failed, "web 8080->80/tcp"},
		{"a container that does not run", "", example.Together(open, exited), nil, rule.NotApplicable, "it does not run"},
		{"one that publishes nothing", "", web(), nil, rule.Passed, "no TCP port"},
		{"one that publishes a port of UDP", "", web(port("0.0.0.0", "udp")), nil, rule.Passed, "no TCP port"},
		{"a port of UDP for all beside one of TCP for the host", "", web(port("127.0.0.1", "tcp"), port("0.0.0.0", "udp")), nil, rule.Passed, ""},
		{"a port of another container", "", example.Together(closed, other), nil, rule.Passed, ""},
		{"a port of the host that is not known", "", web(snapshot.Port{Port: 80, Protocol: "tcp"}), nil, rule.Unknown, "on which port of the host"},
		{"meant to be open on IPv6", "iptables -P INPUT ACCEPT\nip6tables -A INPUT -p tcp -m tcp --dport 8080 -j ACCEPT", web(port("::", "tcp")), nil, rule.Passed, ""},
		{"an engine with a network of its own, on a machine without IPv4", "", open, example.Together(apart, withoutIPv4), rule.Failed, "eth0 of the network of"},
		{"a rootless engine, whose ports are the machine's", "iptables -t nat -F DOCKER", open, example.Together(apart, rootless), rule.Passed, "as open as the host's rules say"},
	} {
		s, err := trial.Load(rule.Example{Firewall: tt.firewall, Facts: tt.facts})
		if err != nil {
			t.Fatal(err)
		}
		if tt.after != nil {
			tt.after(s)
		}
		results := rule.Evaluate(s, []*rule.Rule{bypassesFirewall()})
		got := results[slices.IndexFunc(results, func(r rule.Result) bool { return r.Subject.Name == "web" })]
		if got.Verdict != tt.want || !strings.Contains(got.Message, tt.says) {
			t.Errorf("%s: %s (%s), want %s (%s)", tt.name, got.Verdict, got.Message, tt.want, tt.says)
		}
	}
}
