package network

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func bypassesHostFilter() *rule.Rule {
	return &rule.Rule{
		ID:       "network-bypasses-host-filter",
		Title:    "Containers are on the host's link, past its packet filter",
		Severity: rule.Medium,
		Why: "A macvlan or ipvlan network puts its containers beside the host on its link. Neither the engine nor the host's firewall filters their traffic: all their ports are open to the neighbours, " +
			"and a container can answer for other machines there (ARP, DHCP, router advertisements).",
		Fix: rule.Fix{
			Text:   "Use a bridge network and publish what is needed. Where the link itself is needed, give the containers a VLAN of their own and filter at the switch or router.",
			Shell:  "docker network create -d macvlan -o parent=eth0.20 --subnet 192.0.2.0/24 NAME   # VLAN 20",
			Breaks: "Programs that need an address on the link, such as DHCP servers and discovery by broadcast.",
		},
		Refs: rule.Refs{NIST: "4.3.3 4.4.2", ATTACK: "T1133 T1557", Guide: "G12 G15", Docs: "Macvlan network driver"},
		Bad: []rule.Example{
			{Show: "docker network create -d macvlan -o parent=eth0 lan", Facts: linkNetwork("macvlan", "eth0", "", "db")},
			{Show: "docker network create -d ipvlan -o parent=eth0 -o ipvlan_mode=l3 lan", Facts: linkNetwork("ipvlan", "eth0", "l3")},
		},
		Good: []rule.Example{
			{Show: "a macvlan network without an interface of the host", Facts: linkNetwork("macvlan", "", "")},
			{Show: "docker network create -d ipvlan -o ipvlan_mode=l3s lan", Facts: linkNetwork("ipvlan", "eth0", "l3s")},
		},
		Network: checkLinkNetwork,
	}
}

func linkNetwork(driver, parent, mode string, containers ...string) func(*snapshot.Snapshot) {
	at := func(path string) snapshot.Origin { return snapshot.At(path, "GET /networks/lan") }
	return example.Engine(func(e *snapshot.Engine) {
		n := snapshot.Network{ID: "n-lan", Name: "lan", Driver: driver, Scope: "local", Containers: snapshot.See(containers, at("Containers"))}
		n.Parent, n.LinkMode = snapshot.See(parent, at("Options.parent")), snapshot.See(mode, at("Options."+driver+"_mode"))
		example.Add(&e.Networks, n)
	})
}

func checkLinkNetwork(c *rule.Context, n *snapshot.Network) rule.Answer {
	switch {
	case n.Driver != "macvlan" && n.Driver != "ipvlan":
		return c.NotApplicable("neither macvlan nor ipvlan")
	case n.Internal:
		return c.NotApplicable("the network is internal")
	}
	mode, known := n.LinkMode.Try(c)
	parent := n.Parent.Read(c)
	switch {
	case parent == "":
		return c.Pass("the network %s has no interface of the host", n.Name)
	case mode == "l3s":
		return c.Pass("in the mode l3s the host's packet filter sees the traffic of %s", n.Name)
	case n.Driver == "ipvlan" && !known:
		c.Stop()
	}
	if containers, ok := n.Containers.Peek(); ok && len(containers) == 0 {
		return c.FailAs(rule.Low, "no container runs in it now", "the %s network %s is on %s, past the host's packet filter", n.Driver, n.Name, parent)
	}
	return c.Fail("the %s network %s is on %s, past the host's packet filter", n.Driver, n.Name, parent)
}
