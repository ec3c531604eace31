package network

import (
	"strings"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func trustsInterface() *rule.Rule {
	return &rule.Rule{
		ID:       "network-trusts-interface",
		Title:    "Machines behind an interface may address containers directly",
		Severity: rule.Low,
		Why: "The engine drops packets that other machines send to a container's own address. For interfaces that a network trusts it does not: " +
			"machines behind them reach ports that were published on 127.0.0.1 only.",
		Fix: rule.Fix{
			Text:   "Make the network anew without the option, and publish ports on the address that those machines use.",
			Shell:  "docker network create NAME   # without com.docker.network.bridge.trusted_host_interfaces",
			Breaks: "Machines that reach the containers at their own addresses.",
		},
		Refs:    rule.Refs{NIST: "4.3.3 4.4.2", ATTACK: "T1133", Guide: "G12", Docs: "Bridge network driver"},
		Bad:     []rule.Example{{Show: "docker network create -o com.docker.network.bridge.trusted_host_interfaces=eth1 app", Facts: trusting("28.5.2", "eth1")}},
		Good:    []rule.Example{{Show: "docker network create app", Facts: trusting("28.5.2")}},
		Network: checkTrustsInterface,
	}
}

func trusting(version string, interfaces ...string) func(*snapshot.Snapshot) {
	return userBridge(version, func(n *snapshot.Network) { example.Set(&n.TrustedInterfaces, interfaces) })
}

func checkTrustsInterface(c *rule.Context, n *snapshot.Network) rule.Answer {
	if n.Driver != "bridge" || n.Internal {
		return c.NotApplicable("not a bridge network with a way out")
	}
	interfaces := n.TrustedInterfaces.Read(c)
	switch {
	case len(interfaces) == 0:
		return c.Pass("the network %s trusts no interface of the host", n.Name)
	case !knowsOptions(c):
		return c.NotApplicable("engines before 28.0 keep nobody from addressing containers directly")
	}
	return c.Fail("machines behind %s may address the containers of %s directly", strings.Join(interfaces, ", "), n.Name)
}
