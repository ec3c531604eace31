package engine

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func insecureRegistryListed() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-insecure-registry-listed",
		Title:    "The engine has a list of registries without TLS",
		Severity: rule.Low,
		Exact:    true,
		Why:      "The CIS Docker Benchmark asks for no such registry at all. One on this host is no fault by itself; engine-insecure-registry is about the others.",
		Fix: rule.Fix{
			Text:   "Remove insecure-registries and give the registry a certificate, in /etc/docker/certs.d if its CA is your own.",
			Daemon: `{"insecure-registries": []}`,
			Breaks: "Pulls from a registry that speaks no TLS.",
		},
		Refs:   rule.Refs{CIS: "2.5", NIST: "4.2.1", ATTACK: "T1557", Docs: "dockerd"},
		Bad:    []rule.Example{{Daemon: `{"insecure-registries": ["localhost:5000"]}`}, {Show: "dockerd --insecure-registry 10.0.0.0/8", Facts: registries("10.0.0.0/8")}},
		Good:   []rule.Example{{Daemon: `{}`}},
		Engine: dockerd(checkRegistryListed),
	}
}

func checkRegistryListed(c *rule.Context, e *snapshot.Engine) rule.Answer {
	if names := e.Settings.InsecureRegistries.Read(c); len(names) > 0 {
		return c.Fail("the engine does without TLS for %s", lang.Comma(names))
	}
	return c.Pass("no registry is listed as insecure")
}
