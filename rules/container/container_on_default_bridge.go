package container

import (
	"slices"

	"seawall/rule"
	"seawall/snapshot"
)

func onDefaultBridge() *rule.Rule {
	return &rule.Rule{
		ID:       "container-on-default-bridge",
		Title:    "A container is on the default bridge",
		Severity: rule.Low,
		Why: "All containers that nobody gave a network share the default bridge, whether they belong together or not. " +
			"That they reach each other there is a finding of its own, default-bridge-icc-enabled; so is listening to each other, container-net-raw-on-shared-bridge.",
		Fix: rule.Fix{
			Text:    "Give containers that belong together a network of their own; nothing else is on it, and names work.",
			Run:     "docker network create app && docker run --network app ...",
			Compose: "services:\n  web:\n    networks: [app]   # instead of network_mode: bridge",
			Daemon:  `{"icc": false}`,
			Breaks:  "Containers that reached each other over the default bridge by address or link.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.Drop("network_mode")}},
		},
		Refs: rule.Refs{CIS: "5.30", NIST: "4.4.2", ATTACK: "T1557.002", Guide: "G14 G16", Docs: "Bridge network driver", Peers: "docksec:segmentation"},
		Bad: []rule.Example{
			{Run: "docker run alpine"},
			{Show: "containers on the bridge reach each other", Run: "docker run --network bridge alpine",
				Facts: setting(func(s *snapshot.Settings) *snapshot.Fact[bool] { return &s.ICC }, true)},
		},
		Good: []rule.Example{{Run: "docker run --network app alpine"}, {Run: "docker run --network none alpine"}, {Run: "docker run --network host alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			if slices.ContainsFunc(ctr.Networks.Read(c), func(e snapshot.Endpoint) bool { return e.Network == "bridge" }) {
				return c.Fail("it is on the default bridge%s", life(ctr))
			}
			return c.Pass("it is not on the default bridge")
		},
	}
}
