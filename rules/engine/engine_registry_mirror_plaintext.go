package engine

import (
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func mirrorPlaintext() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-registry-mirror-plaintext",
		Title:    "The engine asks a registry mirror without TLS",
		Severity: rule.High,
		Confined: rule.Medium,
		Why: "The mirror is asked first for images of Docker Hub, and what it says a tag stands for is believed. " +
			"Over plain HTTP anyone on the way can answer in its place with an image of their own.",
		Fix: rule.Fix{
			Text:   "Serve the mirror over HTTPS.",
			Daemon: `{"registry-mirrors": ["https://mirror.example"]}`,
			Breaks: "Pulls by the mirror until it has a certificate that the host trusts; the engine then asks Docker Hub itself.",
		},
		Refs: rule.Refs{CISRelated: "2.5", NIST: "4.2.1", ATTACK: "T1195.002 T1557", Guide: "G21", Docs: "Mirror the Docker Hub library"},
		Bad: []rule.Example{
			{Daemon: `{"registry-mirrors": ["http://mirror.example"]}`},
			{Show: "dockerd --registry-mirror http://mirror.example", Facts: mirror("http://mirror.example/")},
		},
		Good: []rule.Example{
			{Daemon: `{"registry-mirrors": ["https://mirror.example"]}`},
			{Show: "a mirror on this host", Facts: mirror("http://localhost:5000/")},
		},
		Engine: dockerd(checkMirrors),
	}
}

func mirror(address string) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.RegistryMirrors, []string{address}) })
}

func checkMirrors(c *rule.Context, e *snapshot.Engine) rule.Answer {
	var plain []string
	mirrors := e.Settings.RegistryMirrors.Read(c)
	for _, m := range mirrors {
		host, isPlain := strings.CutPrefix(strings.ToLower(m), "http://")
		host, _, _ = strings.Cut(host, "/")
		if isPlain && !loopbackRegistry(host) {
			plain = append(plain, m)
		}
	}
	switch {
	case len(plain) > 0:
		return c.Fail("the engine asks for images without TLS at %s", lang.Comma(plain))
	case len(mirrors) == 0:
		return c.NotApplicable("the engine has no registry mirrors")
	}
	return c.Pass("the registry mirrors are asked over TLS or on this host")
}
