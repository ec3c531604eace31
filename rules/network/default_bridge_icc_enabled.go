package network

import (
	"fmt"
	"strings"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func bridgeICC() *rule.Rule {
	return &rule.Rule{
		ID:       "default-bridge-icc-enabled",
		Title:    "All containers on the default bridge reach each other",
		Severity: rule.Medium,
		Why: "Every container that names no network lands on docker0, where all ports of all others are open to it, published or not. " +
			"One that is taken over can attack and, with CAP_NET_RAW, listen in on the rest.",
		Fix: rule.Fix{
			Text:    "Turn inter-container communication off and connect containers that belong together by a network of their own.",
			Daemon:  `{"icc": false}`,
			Compose: "networks: [backend]",
			Run:     "--network backend",
			Breaks:  "Containers on the default bridge that talk to each other by address; --link still opens single ports.",
		},
		Refs: rule.Refs{CIS: "2.2", NIST: "4.3.3 4.4.2", ATTACK: "T1046 T1557", Guide: "G14 G15 G16", Docs: "Bridge network driver"},
		Bad:  []rule.Example{{Show: "dockerd", Facts: onBridge(func(n *snapshot.Network) { example.Set(&n.ICC, true) })}},
		Good: []rule.Example{{Show: "dockerd --icc=false", Facts: func(*snapshot.Snapshot) {}}},
		Network: func(c *rule.Context, n *snapshot.Network) rule.Answer {
			if !defaultBridge(n) {
				return c.NotApplicable("not the default bridge")
			}
			if !n.ICC.Read(c) {
				return c.Pass("containers on the default bridge are kept apart")
			}
			inside, ok := n.Containers.Try(c)
			switch {
			case !ok:
				return c.Fail("containers on the default bridge reach each other")
			case len(inside) < 2:
				return c.FailAs(rule.Low, "fewer than two running containers are on it now", "containers on the default bridge reach each other; %d are there now", len(inside))
			}
			return c.Fail("containers on the default bridge reach each other: %s", list(inside, 8))
		},
	}
}

// list joins names, the first n of them.
func list(names []string, n int) string {
	if len(names) <= n {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:n], ", "), len(names)-n)
}
