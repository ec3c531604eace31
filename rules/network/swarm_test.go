package network_test

import (
	"testing"

	"seawall/rule"
	"seawall/rules/network"
	"seawall/snapshot"
	"seawall/trial"
)

// TestSwarmPort: where a manager listens decides, not where it is found by
// other nodes, and another port than the usual one is not known.
func TestSwarmPort(t *testing.T) {
	at := snapshot.At("x", "y")
	tests := []struct {
		name    string
		manager bool
		ports   []string
		want    rule.Verdict
	}{
		{"a worker", false, []string{"[::]:2377"}, rule.NotApplicable},
		{"discovery on all addresses", true, []string{"192.0.2.10:2377", "[::]:7946"}, rule.Passed},
		{"one of two sockets on all addresses", true, []string{"192.0.2.10:2377", "[::]:2377"}, rule.Failed},
		{"another port", true, []string{"[::]:7946"}, rule.Unknown},
	}
	for _, tt := range tests {
		s := trial.Baseline()
		s.Engines[0].Swarm = snapshot.See(snapshot.Swarm{NodeID: "n", Manager: tt.manager, Managers: 1, Nodes: 1}, at)
		s.Engines[0].SwarmPorts = snapshot.See(tt.ports, at)
		for _, r := range rule.Evaluate(s, network.Rules()) {
			if r.Rule == "swarm-listens-on-all-addresses" && r.Verdict != tt.want {
				t.Errorf("%s: %s (%s), want %s", tt.name, r.Verdict, r.Message, tt.want)
			}
		}
	}
}
