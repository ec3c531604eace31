package rules_test

import (
	"strings"
	"testing"

	"seawall/lab"
)

// openAPI are the flags of an engine whose API answers anyone at an address.
func openAPI(address string, more ...string) []string {
	return append([]string{"-H", "unix:///run/docker.sock", "-H", "tcp://" + address, "--tls=false"}, more...)
}

// containersAnd starts a container on docker0 and one on a network of its own,
// and runs commands in the host.
func containersAnd(commands string) func(t *testing.T, h *lab.TestHost) {
	return func(t *testing.T, h *lab.TestHost) {
		h.Docker("network", "create", "-o", "com.docker.network.bridge.name=br-app", "app")
		image := h.ImportSleep()
		h.Run("-d", "--name", "plain", image)
		h.Run("-d", "--name", "web", "--network", "app", "-p", "8080:80", image)
		h.Exec("sh", "-ec", commands)
	}
}

// inputDrops lets in what the host needs, and ssh.
func inputDrops(program string) string {
	return strings.ReplaceAll(`IPT -A INPUT -i lo -j ACCEPT
IPT -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
IPT -A INPUT -p tcp --dport 22 -j ACCEPT
IPT -P INPUT DROP
`, "IPT", program)
}

// liveReach are the configurations of TestLive about who reaches what, on a host
// with a neighbour.
func liveReach() []live {
	return []live{
		{
			name: "an open API without a firewall", versions: lab.Versions(),
			options: lab.Options{LAN: true, Flags: openAPI("0.0.0.0:2375")},
			after:   containersAnd(""),
			fail:    "api-reachable-from-container api-reachable-from-other-hosts",
		},
		{
			name: "an open API behind a firewall", versions: []lab.Version{lab.V20, lab.V28},
			options: lab.Options{LAN: true, Flags: openAPI("0.0.0.0:2375")},
			after:   containersAnd(inputDrops("iptables") + inputDrops("ip6tables")),
			fail:    "published-port-bypasses-host-firewall", pass: "api-reachable-from-container api-reachable-from-other-hosts ipv6-not-filtered-like-ipv4",
		},
		{
			name: "a firewall for IPv4 only, with a hole for the published port", versions: []lab.Version{lab.V20, lab.V28},
			options: lab.Options{LAN: true},
			after:   containersAnd(inputDrops("iptables") + "iptables -A INPUT -p tcp --dport 8080 -j ACCEPT"),
			fail:    "ipv6-not-filtered-like-ipv4", pass: "published-port-bypasses-host-firewall",
		},
		{
			name: "an open API on the loopback address, without docker-proxy", versions: []lab.Version{lab.V20, lab.V28},
			options: lab.Options{LAN: true, Flags: openAPI("127.0.0.1:2375", "--userland-proxy=false")},
			after:   containersAnd(""),
			fail:    "api-reachable-from-container", pass: "api-reachable-from-other-hosts",
		},
		{
			name: "a policy of FORWARD that lets through, before 28.0", versions: []lab.Version{lab.V20, lab.V26},
			options: lab.Options{LAN: true},
			after:   containersAnd("iptables -P FORWARD ACCEPT"),
			fail:    "container-ports-reachable-from-outside", pass: "containers-can-talk-across-projects",
		},
		{
			name: "a policy of FORWARD that lets through", versions: []lab.Version{lab.V28},
			options: lab.Options{LAN: true},
			after:   containersAnd("iptables -P FORWARD ACCEPT"),
			pass:    "container-ports-reachable-from-outside containers-can-talk-across-projects",
		},
		{
			name: "an engine without its rules", versions: []lab.Version{lab.V20, lab.V28},
			options: lab.Options{LAN: true, Flags: []string{"--iptables=false"}},
			after:   containersAnd(""),
			fail:    "container-ports-reachable-from-outside containers-can-talk-across-projects",
		},
	}
}
