package listener

import (
	"slices"
	"strings"
	"testing"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
	"seawall/trial"
)

// reached is the result of one rule for the TCP listener of an example.
func reached(t *testing.T, id string, ex rule.Example, after func(*snapshot.Snapshot)) rule.Result {
	t.Helper()
	s, err := trial.Load(ex)
	if err != nil {
		t.Fatal(err)
	}
	if after != nil {
		after(s)
	}
	rules := Rules()
	at := slices.IndexFunc(rules, func(r *rule.Rule) bool { return r.ID == id })
	list, _ := s.Engines[0].Listeners.Peek()
	for _, result := range rule.Evaluate(s, rules[at:at+1]) {
		if result.Subject.Name == list[engineTCP].Name {
			return result
		}
	}
	t.Fatalf("%s: no result about %s", id, list[engineTCP].Name)
	return rule.Result{}
}

const (
	fromContainer = "api-reachable-from-container"
	fromOthers    = "api-reachable-from-other-hosts"
)

func TestReachable(t *testing.T) {
	const open, closed = "iptables -P INPUT ACCEPT", ""
	shared := example.Running(example.Container{Name: "shared", Network: "host"})
	plainAt := func(address string, more ...func(*snapshot.Snapshot)) func(*snapshot.Snapshot) {
		return example.Together(append([]func(*snapshot.Snapshot){example.TCP(address, plain)}, more...)...)
	}
	tlsAt := func(address string, more ...func(*snapshot.Snapshot)) func(*snapshot.Snapshot) {
		return example.Together(append([]func(*snapshot.Snapshot){example.TCP(address, verified(nil))}, more...)...)
	}
	for _, tt := range []struct {
		name, rule, firewall string
		facts                func(*snapshot.Snapshot)
		after                func(*snapshot.Snapshot)
		want                 rule.Verdict
		severity             rule.Severity
	}{
		{"a container with the host's network, and an address of a network", fromContainer, closed, plainAt("192.0.2.10:2375", shared), nil, rule.Failed, rule.Critical},
		{"one with the host's network, and the loopback address", fromContainer, closed, plainAt("127.0.0.1:2375", shared), nil, rule.Passed, 0},
		{"no container", fromContainer, open, plainAt("0.0.0.0:2375"), nil, rule.Passed, 0},
		{"a container that asks for TLS", fromContainer, open, tlsAt("0.0.0.0:2376", onBridges), nil, rule.Failed, rule.Low},
		{"an API that refuses orders in clear text", fromContainer, open, example.Together(example.TCP("0.0.0.0:2375", snapshot.Handshake{Plaintext: true}), onBridges), nil, rule.Failed, rule.Critical},
		{"an API that answers anyone by TLS", fromContainer, open, example.Together(example.TCP("0.0.0.0:2376", verified(func(h *snapshot.Handshake) { h.Anonymous = true })), onBridges), nil, rule.Failed, rule.Critical},
		{"a container on a macvlan", fromContainer, closed, plainAt("0.0.0.0:2375", onMacvlan), nil, rule.Unknown, 0},
		{"a container on a macvlan, and one that gets there", fromContainer, open, plainAt("0.0.0.0:2375", onBridges, onMacvlan), nil, rule.Failed, rule.Critical},
		{"some addresses of the internet", fromOthers, "iptables -A INPUT -s 198.51.100.7 -j ACCEPT", plainAt("0.0.0.0:2375"), nil, rule.Failed, rule.High},
		{"all of the link, and some of the internet", fromOthers, "iptables -A INPUT -s 198.51.100.7 -j ACCEPT\niptables -A INPUT -s 192.0.2.0/24 -j ACCEPT", plainAt("0.0.0.0:2375"), nil, rule.Failed, rule.Critical},
		{"the link, with TLS", fromOthers, "iptables -A INPUT -s 192.0.2.0/24 -j ACCEPT", tlsAt("0.0.0.0:2376"), nil, rule.Passed, 0},
		{"some of the internet by IPv4 and all by IPv6, with TLS", fromOthers, "iptables -A INPUT -s 198.51.100.7 -j ACCEPT\nip6tables -P INPUT ACCEPT", tlsAt("[::]:2376"), nil, rule.Failed, rule.Medium},
		{"frames to a loopback address from the link", fromOthers, open + "\niptables -t raw -F PREROUTING", plainAt("127.0.0.1:2375", example.NetSetting("net.ipv4.conf.all.route_localnet", "1")), nil, rule.Failed, rule.Critical},
		{"a match that is not understood", fromOthers, "iptables -A INPUT -m recent --rcheck -j ACCEPT", plainAt("0.0.0.0:2375"), nil, rule.Unknown, 0},
		{"no network was read", fromOthers, closed, plainAt("0.0.0.0:2375"), func(s *snapshot.Snapshot) { s.Net = nil }, rule.Unknown, 0},
		{"an engine elsewhere", fromOthers, closed, plainAt("0.0.0.0:2375"), example.Engine(func(e *snapshot.Engine) { e.Local = false }), rule.Unknown, 0},
		{"an address that is none", fromOthers, closed, plainAt("localhost:2375"), nil, rule.Unknown, 0},
	} {
		got := reached(t, tt.rule, rule.Example{Firewall: tt.firewall, Facts: tt.facts}, tt.after)
		if got.Verdict != tt.want || tt.severity != 0 && got.Severity != tt.severity {
			t.Errorf("%s: %s %s (%s), want %s %s", tt.name, got.Verdict, got.Severity, got.Message, tt.want, tt.severity)
		}
	}
}

// TestEachListener: each is judged by itself, and one that is no address by none.
func TestEachListener(t *testing.T) {
	s, err := trial.Load(rule.Example{Firewall: "iptables -P INPUT ACCEPT", Facts: example.Together(
		example.TCP("0.0.0.0:2375", plain), example.TCP("127.0.0.1:2376", plain), example.TCP("127.0.0.1:2377", verified(nil)), example.TCP("localhost:2378", plain))})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]struct {
		verdict rule.Verdict
		says    string
	}{
		"tcp://0.0.0.0:2375":   {rule.Failed, "which answers anyone"},
		"tcp://127.0.0.1:2376": {rule.Passed, "no other machine can open a connection to 127.0.0.1:2376"},
		"tcp://127.0.0.1:2377": {rule.Passed, "demands certificates"},
		"tcp://localhost:2378": {rule.Unknown, "the address localhost:2378 is not understood"},
	}
	rules := Rules()
	at := slices.IndexFunc(rules, func(r *rule.Rule) bool { return r.ID == fromOthers })
	for _, got := range rule.Evaluate(s, rules[at:at+1]) {
		w, ok := want[got.Subject.Name]
		if !ok {
			continue
		}
		says := got.Message
		for _, missed := range got.Gaps {
			says += " " + missed.Detail
		}
		if got.Verdict != w.verdict || !strings.Contains(says, w.says) {
			t.Errorf("%s: %s %s, want %s %s", got.Subject.Name, got.Verdict, says, w.verdict, w.says)
		}
		delete(want, got.Subject.Name)
	}
	if len(want) > 0 {
		t.Errorf("nothing about %v", want)
	}
}

// onMacvlan runs a container on a network that passes no rule of the host.
func onMacvlan(s *snapshot.Snapshot) {
	example.Running(example.Container{Name: "mac", Network: "lan", IPv4: "192.0.2.200"})(s)
	networks, _ := s.Engines[0].Networks.Peek()
	n := &networks[len(networks)-1]
	n.Driver, n.Subnets = "macvlan", nil
	n.Bridge = snapshot.None[string](n.Bridge.Origin())
}
