package image

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func buildOnHostNetwork() historyRule {
	return historyRule{
		id: "image-build-on-host-network", title: "A step of a build runs on the network of the builder's host", severity: rule.Medium, dockerfile: true,
		why: "With RUN --network=host the step reaches what listens on the loopback address of the machine that builds, such as databases, agents and the API of an engine, " +
			"as if it ran there. So does the code of packages that it installs.",
		fix: rule.Fix{
			Text:   "Build on the default network, or on none where nothing is fetched, and do not allow the entitlement network.host on the builder.",
			Shell:  "RUN --network=none make   # in the Dockerfile",
			Breaks: "Steps that need a server on the builder's loopback address.",
		},
		refs:    rule.Refs{CISRelated: "5.10", NIST: "4.1.5", ATTACK: "T1046 T1195.002", Guide: "G21", Docs: "Dockerfile reference"},
		kinds:   []snapshot.BuildKind{snapshot.BuildHostNet},
		finding: lang.N("its build runs on the host's network"), absent: lang.N("no step of its build asks for the host's network"),
		bad:  []buildStep{{"RUN --network=host make", snapshot.BuildHostNet, "--network=host"}},
		good: []buildStep{{"RUN --network=none make", "", ""}},
	}
}
