package engine

import (
	"slices"
	"strings"
	"testing"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
	"seawall/trial"
)

// addressed leaves the example's host lo, and eth0 with these addresses.
func addressed(addresses ...string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		stack, _ := s.Net[0].Stack.Peek()
		stack.Interfaces = slices.Clone(stack.Interfaces[:2])
		stack.Interfaces[1].Addresses = addresses
		example.Set(&s.Net[0].Stack, stack)
	}
}

// TestFamiliesDiffer: which differences between the families are told.
func TestFamiliesDiffer(t *testing.T) {
	stopped := example.Engine(func(e *snapshot.Engine) {
		list, _ := e.Containers.Peek()
		example.Set(&list[0].State, "exited")
		list[0].Ports.Blind(unread)
	})
	lostPorts := example.Engine(func(e *snapshot.Engine) {
		list, _ := e.Containers.Peek()
		list[0].Ports.Blind(unread)
	})
	api := example.Engine(func(e *snapshot.Engine) { example.Add(&e.Listeners, trial.TCPListener("[::]:2376")) })
	nothing := func(*snapshot.Snapshot) {}
	for _, tt := range []struct {
		name, firewall string
		facts          func(*snapshot.Snapshot)
		want           rule.Verdict
		says           string
	}{
		{"a host without containers", "", nothing, rule.Passed, ""},
		{"a host without IPv6", "", addressed("192.0.2.10/24"), rule.NotApplicable, "no addresses of both families"},
		{"a host without IPv4", "", addressed("2001:db8::10/64"), rule.NotApplicable, "no addresses of both families"},
		{"an API", "ip6tables -A INPUT -p tcp -m tcp --dport 2376 -j ACCEPT", api, rule.Failed, "tcp://[::]:2376 is open to"},
		{"an API that is closed on IPv6", "iptables -A INPUT -p tcp -m tcp --dport 2376 -j ACCEPT", api, rule.Passed, ""},
		{"a published port that is closed on IPv6", "ip6tables -I DOCKER-USER -i eth0 -j DROP", onBothFamilies, rule.Passed, ""},
		{"ports that were not read", "", example.Together(onBothFamilies, lostPorts), rule.Unknown, ""},
		{"ports that were not read, of a container that does not run", "", example.Together(onBothFamilies, stopped), rule.Passed, ""},
	} {
		s, err := trial.Load(rule.Example{Firewall: tt.firewall, Facts: tt.facts})
		if err != nil {
			t.Fatal(err)
		}
		got := rule.Evaluate(s, []*rule.Rule{familiesDiffer()})[0]
		if got.Verdict != tt.want || !strings.Contains(got.Message, tt.says) {
			t.Errorf("%s: %s (%s), want %s (%s)", tt.name, got.Verdict, got.Message, tt.want, tt.says)
		}
	}
}
