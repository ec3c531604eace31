package network

import (
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func portsUnprotected() *rule.Rule {
	return &rule.Rule{
		ID:       "network-ports-unprotected",
		Title:    "A network leaves all ports of its containers open",
		Severity: rule.Medium,
		Why: "In the gateway mode nat-unprotected the engine filters nothing: every port of every container in the network, published or not, can be reached by whoever can route to it, and from the host's other networks. " +
			"Debug ports and databases that nobody meant to publish are among them.",
		Fix: rule.Fix{
			Text:    "Use the mode nat and publish what is needed, or routed where the containers' own addresses must be reached: it opens published ports only.",
			Shell:   "docker network create -o com.docker.network.bridge.gateway_mode_ipv4=routed NAME",
			Compose: "networks:\n  app:\n    driver_opts:\n      com.docker.network.bridge.gateway_mode_ipv4: routed",
			Breaks:  "Machines that reach ports which are not published.",
		},
		Refs: rule.Refs{NIST: "4.3.3 4.4.2", ATTACK: "T1133", Guide: "G12 G14", Docs: "Bridge network driver"},
		Bad: []rule.Example{
			{Show: "docker network create -o com.docker.network.bridge.gateway_mode_ipv4=nat-unprotected open", Facts: gateway("28.5.2", "nat-unprotected", "", false)},
			{Show: "the same for IPv6", Facts: gateway("28.0.0", "", "nat-unprotected", true)},
		},
		Good: []rule.Example{
			{Show: "docker network create app", Facts: gateway("28.5.2", "", "", true)},
			{Show: "the mode of IPv6 in a network without IPv6", Facts: gateway("28.5.2", "routed", "nat-unprotected", false)},
		},
		Network: checkPortsUnprotected,
	}
}

func gateway(version, mode4, mode6 string, ipv6 bool) func(*snapshot.Snapshot) {
	return userBridge(version, func(n *snapshot.Network) {
		n.IPv6 = ipv6
		example.Set(&n.GatewayMode4, mode4)
		example.Set(&n.GatewayMode6, mode6)
	})
}

// userBridge is an engine of a version with one more bridge network, "app".
func userBridge(version string, change func(*snapshot.Network)) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		example.Set(&e.Version, version)
		networks, _ := e.Networks.Peek()
		n := networks[0]
		n.ID, n.Name = "n-app", "app"
		example.Set(&n.HostBinding, "")
		change(&n)
		example.Add(&e.Networks, n)
	})
}

func checkPortsUnprotected(c *rule.Context, n *snapshot.Network) rule.Answer {
	switch {
	case n.Driver != "bridge":
		return c.NotApplicable("not a bridge network")
	case n.Internal:
		return c.NotApplicable("the network is internal")
	}
	mode4, _ := n.GatewayMode4.Try(c)
	mode6 := ""
	if n.IPv6 {
		mode6, _ = n.GatewayMode6.Try(c)
	}
	if mode4 != "nat-unprotected" && mode6 != "nat-unprotected" {
		return c.Pass("the engine filters what reaches the containers of %s", n.Name)
	}
	if !knowsOptions(c) {
		return c.NotApplicable("engines before 28.0 do not know the mode nat-unprotected")
	}
	return c.Fail("all ports of the containers in %s can be reached, published or not", n.Name)
}

// knowsOptions reports whether the engine is of 28.0 or later, which brought the
// options of networks about direct access. Older engines keep options that they
// do not know, without effect.
func knowsOptions(c *rule.Context) bool {
	version := c.Engine.Version.Read(c)
	first, _, _ := strings.Cut(version, ".")
	n, err := strconv.Atoi(first)
	if err != nil {
		c.Missed(c.Engine.Version.Origin(), snapshot.Gap{Reason: snapshot.ReasonUnsupported, Detail: lang.Sprintf("version %q of the engine is not understood", version)})
	}
	return n >= 28
}
