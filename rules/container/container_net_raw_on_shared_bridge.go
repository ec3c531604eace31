package container

import (
	"slices"

	"seawall/confinement"
	"seawall/rule"
	"seawall/snapshot"
)

func netRawOnSharedBridge() *rule.Rule {
	return &rule.Rule{
		ID:       "container-net-raw-on-shared-bridge",
		Title:    "A container can forge packets on a network it shares",
		Severity: rule.Medium,
		Why: "NET_RAW, a default capability, sends packets of any form. " +
			"On a bridge shared with other containers that is enough to answer ARP in their name and to read and change what they send.",
		Fix: rule.Fix{
			Text:    "Drop NET_RAW, or keep the container on a network of its own.",
			Run:     "--cap-drop NET_RAW",
			Compose: "services:\n  web:\n    cap_drop: [NET_RAW]",
			Breaks:  "Programs that send raw packets: traceroute, arping, ping where net.ipv4.ping_group_range does not allow it.",
			Edits: rule.Edits{
				Do:   []rule.Edit{dropCapability("NET_RAW"), rule.Add("cap_drop", "NET_RAW")},
				Safe: holdsNone, SafeWhen: whenHoldsNone,
			},
		},
		Refs: rule.Refs{CIS: "5.4", NIST: "4.4.2", ATTACK: "T1557.002", Guide: "G15", Docs: "Running containers"},
		Bad: []rule.Example{
			{Run: "docker run --name db --network app alpine\ndocker run --name web --network app alpine"},
			{Run: "docker run --name db alpine\ndocker run --name web alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run --name db --network app --cap-drop NET_RAW alpine\ndocker run --name web --network app --cap-drop ALL alpine"},
			{Run: "docker run --name web --network app alpine"},
		},
		Container: checkNetRaw,
	}
}

func checkNetRaw(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	raw := snapshot.Caps("NET_RAW")
	caps := confinement.CapabilitiesOf(c, ctr)
	if a, covered := coveredByAll(c, ctr); covered {
		return a
	}
	if !caps.Holds(raw) {
		return c.Pass("it does not have NET_RAW")
	}
	endpoints, _ := ctr.Networks.Try(c)
	for _, e := range endpoints {
		n := network(c, e.Network)
		if n == nil || n.Driver != "bridge" {
			continue
		}
		others, _ := n.Containers.Look(c)
		if i := slices.IndexFunc(others, func(name string) bool { return name != ctr.Name }); i >= 0 {
			c.Cite(n.Containers.Origin(), others[i])
			citeCaps(c, ctr)
			return c.Fail("it has NET_RAW on network %s, which it shares with %s%s", e.Network, othersText(others[i], len(others)), life(ctr))
		}
	}
	return c.Pass("it shares no bridge with another container")
}

// citeCaps cites where the capabilities were read: the kernel's view if there
// is one.
func citeCaps(c *rule.Context, ctr *snapshot.Container) {
	if p, _ := ctr.Process.Peek(); p.CapBounding.State() == snapshot.Seen {
		caps, _ := p.CapBounding.Peek()
		c.Cite(p.CapBounding.Origin(), caps)
		return
	}
	add, _ := ctr.CapAdd.Peek()
	drop, _ := ctr.CapDrop.Peek()
	c.Cite(ctr.CapAdd.Origin(), add)
	c.Cite(ctr.CapDrop.Origin(), drop)
}
