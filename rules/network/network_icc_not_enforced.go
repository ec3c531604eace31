package network

import (
	"slices"
	"strings"

	"seawall/rule"
	"seawall/rules/internal/example"
	"seawall/snapshot"
)

func iccNotEnforced() *rule.Rule {
	return &rule.Rule{
		ID:       "network-icc-not-enforced",
		Title:    "The network's icc=false has no effect",
		Severity: rule.Medium,
		Why: "Traffic between two containers of one bridge passes the packet filter only with the kernel module br_netfilter and net.bridge.bridge-nf-call-iptables on. " +
			"Without that, or when the engine sets no rules, icc=false is a word in the configuration and the containers reach each other.",
		Fix: rule.Fix{
			Text:   "Load br_netfilter at boot, turn the setting on, and let the engine set its rules.",
			Shell:  "echo br_netfilter | sudo tee /etc/modules-load.d/br_netfilter.conf\nsudo modprobe br_netfilter\nsudo sysctl -w net.bridge.bridge-nf-call-iptables=1",
			Daemon: `{"iptables": true}`,
			Breaks: "Other bridges of the host, such as those of virtual machines, are filtered as well.",
		},
		Refs: rule.Refs{CISRelated: "2.2", NIST: "4.3.3 4.4.2", ATTACK: "T1562.004", Guide: "G16", Docs: "Packet filtering and firewalls"},
		Bad: []rule.Example{
			{Show: "dockerd --icc=false; sysctl -w net.bridge.bridge-nf-call-iptables=0", Facts: example.Sysctl("net.bridge.bridge-nf-call-iptables", "0")},
			{Show: "dockerd --icc=false without br_netfilter", Facts: withoutBridgeFilter},
		},
		Good:    []rule.Example{{Show: "dockerd --icc=false", Facts: func(*snapshot.Snapshot) {}}},
		Network: checkICCEnforced,
	}
}

const bridgeFilter = "net.bridge.bridge-nf-call-iptables"

func withoutBridgeFilter(s *snapshot.Snapshot) {
	s.Host.Sysctls[bridgeFilter] = snapshot.None[string](s.Host.Sysctls[bridgeFilter].Origin())
}

// checkICCEnforced reads the setting of this host's network namespace. An
// engine with a network namespace of its own has its own, which is not read.
func checkICCEnforced(c *rule.Context, n *snapshot.Network) rule.Answer {
	if n.Driver != "bridge" {
		return c.NotApplicable("not a bridge network")
	}
	if n.ICC.Read(c) {
		return c.NotApplicable("its containers may reach each other")
	}
	if !c.Engine.Settings.IPTables.Read(c) {
		return c.Fail("icc is false on %s, but the engine sets no packet filter rules", n.Name)
	}
	process := c.Engine.Daemon.Process.Read(c)
	fact := c.Host.Sysctls[bridgeFilter]
	if len(process.Namespaces) == 0 {
		c.Missed(fact.Origin(), snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "whether the engine has a network namespace of its own may not be read", Remedy: "run as root"})
		c.Stop()
	}
	if slices.Contains(process.OwnNamespaces, "net") {
		c.Missed(fact.Origin(), snapshot.Gap{Reason: snapshot.ReasonNamespace, Detail: "the engine has a network namespace of its own, whose " + bridgeFilter + " was not read", Remedy: "run in that namespace"})
		c.Stop()
	}
	value := strings.TrimSpace(fact.Read(c))
	switch {
	case fact.State() == snapshot.Absent:
		return c.Fail("icc is false on %s, but the kernel module br_netfilter is not loaded", n.Name)
	case value != "1":
		return c.Fail("icc is false on %s, but %s is %s", n.Name, bridgeFilter, value)
	}
	return c.Pass("icc is false on %s and the kernel filters its traffic", n.Name)
}
