package container

import (
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// firstOrdinaryPort is the first that programs of ordinary users may listen on.
const firstOrdinaryPort = 1024

func privilegedPublished() *rule.Rule {
	return &rule.Rule{
		ID:       "port-privileged-published",
		Title:    "A container answers on a system port of the host",
		Severity: rule.Low,
		Why: "Ports below 1024 belong to the system's services; who connects to one trusts that the administrator runs what answers. " +
			"A container that publishes one speaks in the host's name.",
		Fix: rule.Fix{
			Text:    "Publish a port from 1024 on, behind a proxy where clients expect the usual one; waive the rule for the proxy.",
			Run:     "-p 127.0.0.1:8080:80",
			Compose: "services:\n  web:\n    ports: [\"127.0.0.1:8080:80\"]",
			Breaks:  "Clients that use the old port.",
			Edits:   rule.Edits{Not: "which port its clients are to use is not in the file"},
		},
		Refs: rule.Refs{CIS: "5.8", NIST: "4.4.2", ATTACK: "T1133", Guide: "G12", Docs: "Port publishing and mapping", Peers: "kics:bc2908f3"},
		Bad:  []rule.Example{{Run: "docker run -p 80:80 alpine"}, {Run: "docker run -p '[::]:81:80' alpine"}},
		Good: []rule.Example{{Run: "docker run -p 8080:80 alpine"}, {Run: "docker run -P alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			var low []string
			for _, p := range ctr.Ports.Read(c) {
				first, _, _ := strings.Cut(p.HostPort, "-")
				if n, _ := strconv.Atoi(first); n > 0 && n < firstOrdinaryPort {
					low = append(low, portText(p))
				}
			}
			if len(low) == 0 {
				return c.Pass("it publishes no port below 1024")
			}
			text := lang.Comma(low)
			c.Cite(ctr.Ports.Origin(), text)
			return c.Fail("it publishes its %s%s", text, life(ctr))
		},
	}
}
