package network

import (
	"slices"
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func iccNotEnforced() *rule.Rule {
	return &rule.Rule{
		ID:       "network-icc-not-enforced",
		Title:    "The network's icc=false has no effect",
		Severity: rule.Medium,
		Why: "Traffic between two containers of one bridge passes the packet filter only with the kernel module br_netfilter and net.bridge.bridge-nf-call-iptables on, for IPv6 bridge-nf-call-ip6tables. " +
			"Without that, or when the engine sets no rules, icc=false is a word in the configuration and the containers reach each other.",
		Fix: rule.Fix{
			Text:   "Load br_netfilter at boot, turn the setting on, and let the engine set its rules.",
			Shell:  "echo br_netfilter | sudo tee /etc/modules-load.d/br_netfilter.conf\nsudo modprobe br_netfilter\nsudo sysctl -w net.bridge.bridge-nf-call-iptables=1 net.bridge.bridge-nf-call-ip6tables=1",
			Daemon: `{"iptables": true, "ip6tables": true}`,
			Breaks: "Other bridges of the host, such as those of virtual machines, are filtered as well.",
		},
		Refs: rule.Refs{CISRelated: "2.2", NIST: "4.3.3 4.4.2", ATTACK: "T1562.004", Guide: "G16", Docs: "Packet filtering and firewalls"},
		Bad: []rule.Example{
			{Show: "dockerd --icc=false; sysctl -w net.bridge.bridge-nf-call-iptables=0", Facts: example.Sysctl("net.bridge.bridge-nf-call-iptables", "0")},
			{Show: "docker network create --ipv6 -o com.docker.network.bridge.enable_icc=false app; sysctl -w net.bridge.bridge-nf-call-ip6tables=0", Facts: withIPv6("0")},
			{Show: "dockerd --icc=false without br_netfilter", Facts: withoutBridgeFilter},
		},
		Good: []rule.Example{
			{Show: "dockerd --icc=false", Facts: func(*snapshot.Snapshot) {}},
			{Show: "docker network create --ipv6 -o com.docker.network.bridge.enable_icc=false app", Facts: withIPv6("1")},
		},
		Network: checkICCEnforced,
	}
}

// bridgeFilter begins the names of the kernel's settings: "iptables" and
// "ip6tables" end them.
const bridgeFilter = "net.bridge.bridge-nf-call-"

func withoutBridgeFilter(s *snapshot.Snapshot) {
	for _, tables := range [...]string{"iptables", "ip6tables"} {
		s.Host.Sysctls[bridgeFilter+tables] = snapshot.None[string](s.Host.Sysctls[bridgeFilter+tables].Origin())
	}
}

// withIPv6 is a network with IPv6 and icc=false, whose IPv6 the kernel filters
// or not.
func withIPv6(filtered string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		userBridge("28.5.2", func(n *snapshot.Network) { n.IPv6 = true })(s)
		example.Sysctl(bridgeFilter+"ip6tables", filtered)(s)
	}
}

// checkICCEnforced reads the settings of this host's network namespace. An
// engine with a network namespace of its own has its own, which are not read.
func checkICCEnforced(c *rule.Context, n *snapshot.Network) rule.Answer {
	if n.Driver != "bridge" {
		return c.NotApplicable("not a bridge network")
	}
	if n.ICC.Read(c) {
		return c.NotApplicable("its containers may reach each other")
	}
	filters := []filter{{"iptables", c.Engine.Settings.IPTables}}
	if n.IPv6 {
		filters = append(filters, filter{"ip6tables", c.Engine.Settings.IP6Tables})
	}
	for _, f := range filters {
		if set, known := f.set.Try(c); known && !set {
			return c.Fail("icc is false on %s, but the engine sets no packet filter rules (%s is false)", n.Name, f.tables)
		}
	}
	inNamespaceOfHost(c)
	for _, f := range filters {
		fact := c.Host.Sysctls[bridgeFilter+f.tables]
		value := strings.TrimSpace(fact.Read(c))
		switch {
		case fact.State() == snapshot.Absent:
			return c.Fail("icc is false on %s, but the kernel module br_netfilter is not loaded", n.Name)
		case value != "1":
			return c.Fail("icc is false on %s, but %s is %s", n.Name, bridgeFilter+f.tables, value)
		}
	}
	return c.Pass("icc is false on %s and the kernel filters its traffic", n.Name)
}

// filter is a packet filter and whether the engine sets its rules.
type filter struct {
	tables string
	set    snapshot.Fact[bool]
}

// inNamespaceOfHost ends the check as unknown unless the engine is known to use
// this host's network namespace.
func inNamespaceOfHost(c *rule.Context) {
	process := c.Engine.Daemon.Process.Read(c)
	gap := snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: lang.T("whether the engine has a network namespace of its own may not be read"), Remedy: lang.T("run as root")}
	if slices.Contains(process.OwnNamespaces, "net") {
		gap = snapshot.Gap{Reason: snapshot.ReasonNamespace, Detail: lang.T("the engine has a network namespace of its own, whose settings were not read"), Remedy: lang.T("run in that namespace")}
	} else if len(process.Namespaces) > 0 {
		return
	}
	c.Missed(c.Host.Sysctls[bridgeFilter+"iptables"].Origin(), gap)
	c.Stop()
}
