package container

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func legacyLinks() *rule.Rule {
	return &rule.Rule{
		ID:       "container-legacy-links",
		Title:    "A container uses legacy links",
		Severity: rule.Low,
		Why: "A link on the default bridge copies the other container's environment into this one, its secrets included, and with icc off opens the way to its ports. " +
			"Links are deprecated.",
		Fix: rule.Fix{
			Text:    "Put both containers on a network of their own, where they find each other by name.",
			Run:     "docker network create app && docker run --network app --name db ... && docker run --network app ...",
			Compose: "services:\n  web:\n    networks: [app]   # instead of links:",
			Breaks:  "Programs that read variables such as DB_PORT_5432_TCP_ADDR.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.Drop("external_links")}},
		},
		Refs: rule.Refs{NIST: "4.4.2", ATTACK: "T1552", Guide: "G16", Docs: "Legacy container links"},
		Bad:  []rule.Example{{Run: "docker run --name db alpine\ndocker run --link db:database alpine"}},
		Good: []rule.Example{{Run: "docker run --network app alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			if links := ctr.Links.Read(c); len(links) > 0 {
				return c.Fail("it is linked to %s%s", lang.Comma(links), life(ctr))
			}
			return c.Pass("it has no links")
		},
	}
}
