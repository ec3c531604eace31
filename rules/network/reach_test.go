package network_test

import (
	"slices"
	"strings"
	"testing"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/network"
	"seawall/snapshot"
	"seawall/trial"
)

// judgeNamed is what a rule says of a network of an example.
func judgeNamed(t *testing.T, id, name string, ex rule.Example) rule.Result {
	t.Helper()
	s, err := trial.Load(ex)
	if err != nil {
		t.Fatal(err)
	}
	rules := network.Rules()
	i := slices.IndexFunc(rules, func(r *rule.Rule) bool { return r.ID == id })
	for _, r := range rule.Evaluate(s, rules[i:i+1]) {
		if r.Subject.Name == name {
			return r
		}
	}
	t.Fatalf("%s does not judge %s", id, name)
	return rule.Result{}
}

// Containers, each on a network of its own.
var (
	web  = example.Container{Name: "web", Network: "app", IPv4: "172.18.0.2", Project: "app"}
	web6 = example.Container{Name: "web6", Network: "six", IPv4: "172.20.0.2", IPv6: "2001:db8:6::2"}
)

// changed changes a network of an example.
func changed(name string, change func(*snapshot.Network)) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		networks, _ := e.Networks.Peek()
		change(&networks[slices.IndexFunc(networks, func(n snapshot.Network) bool { return n.Name == name })])
	})
}

// exited stops a container of an example.
func exited(name string) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		list, _ := e.Containers.Peek()
		example.Set(&list[slices.IndexFunc(list, func(c snapshot.Container) bool { return c.Name == name })].State, "exited")
	})
}

// TestOthersReach: who counts as one that reaches a network's containers, and how
// bad it is.
func TestOthersReach(t *testing.T) {
	const (
		talk, ports = "containers-can-talk-across-projects", "container-ports-reachable-from-outside"
		older       = "iptables -t raw -F PREROUTING\niptables -I DOCKER-USER "
		older6      = "ip6tables -t raw -F PREROUTING\nip6tables -I DOCKER-USER "
	)
	running, all := example.Running, example.Together
	second := example.Container{Name: "second", Network: "app", IPv4: "172.18.0.3", Project: "app"}
	for _, tt := range []struct {
		name, rule, network, firewall string
		facts                         func(*snapshot.Snapshot)
		want                          rule.Verdict
		severity                      rule.Severity // of a failure
		says                          string
	}{
		{"a container with the host's network", talk, "app", "", running(web, example.Container{Name: "agent", Network: "host", Project: "shop"}), rule.Passed, 0, ""},
		{"another project on the same network", talk, "app", "", running(web, example.Container{Name: "guest", Network: "app", IPv4: "172.18.0.3", Project: "shop"}), rule.Passed, 0, ""},
		{"containers of no project", talk, "app", older + "-j ACCEPT", running(example.Container{Name: "a", Network: "app", IPv4: "172.18.0.2"}, example.Container{Name: "b", Network: "shop", IPv4: "172.19.0.2"}), rule.Failed, rule.Medium, "b can reach all ports of a"},

		{"a macvlan", ports, "app", "", all(running(web), changed("app", func(n *snapshot.Network) { n.Driver = "macvlan" })), rule.NotApplicable, 0, "not a bridge"},
		{"nothing on it, and a container elsewhere", ports, "bridge", "", running(web), rule.NotApplicable, 0, "no container runs on bridge"},
		{"a container that does not run", ports, "app", "", all(running(web), exited("web")), rule.NotApplicable, 0, "no container runs on app"},
		{"one that runs, and one that does not", ports, "app", "", all(running(web, second), exited("second")), rule.Passed, 0, ""},
		{"what is on the network is not known", ports, "app", older + "-i eth0 -j ACCEPT", all(running(web), changed("app", func(n *snapshot.Network) { n.Containers.Blind(noAnswer) })), rule.Failed, rule.Medium, ""},
		{"a container whose address is not known", ports, "app", "", running(example.Container{Name: "web", Network: "app"}), rule.Unknown, 0, "the addresses of the containers on app are not known"},
		{"private addresses, from the link", ports, "app", older + "-i eth0 -j ACCEPT", running(web), rule.Failed, rule.Medium, "172.18.0.2"},
		{"link-local addresses, for the internet alone", ports, "app", older + "-i eth0 ! -s 192.0.2.0/24 -j ACCEPT", running(example.Container{Name: "web", Network: "app", IPv4: "169.254.7.2"}), rule.Passed, 0, ""},
		{"global addresses", ports, "six", older6 + "-i eth0 -j ACCEPT", running(web, web6), rule.Failed, rule.High, "2001:db8:6::2"},
		{"global addresses on another network", ports, "app", older6 + "-i eth0 -j ACCEPT", running(web6, web), rule.Passed, 0, ""},
		{"global addresses, from the link alone", ports, "six", older6 + "-i eth0 -s 2001:db8::/64 -j ACCEPT", running(web6), rule.Failed, rule.Medium, ""},
	} {
		got := judgeNamed(t, tt.rule, tt.network, rule.Example{Firewall: tt.firewall, Facts: tt.facts})
		if got.Verdict != tt.want || tt.severity != 0 && got.Severity != tt.severity || !strings.Contains(got.Message, tt.says) {
			t.Errorf("%s: %s %s (%s), want %s %s (%s)", tt.name, got.Verdict, got.Severity, got.Message, tt.want, tt.severity, tt.says)
		}
	}
}
