package listener

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func tlsOldVersion() *rule.Rule {
	return &rule.Rule{
		ID:       "api-tls-old-version",
		Title:    "The API accepts outdated versions of TLS",
		Severity: rule.Medium,
		Why:      "TLS 1.0 and 1.1 have known flaws and are withdrawn (RFC 8996). Docker Engine has asked for 1.2 for years, so this is a very old engine or another program in front of it.",
		Fix: rule.Fix{
			Text:   "Update the engine, or set the lowest version to 1.2 in the proxy before it.",
			Shell:  "docker version --format '{{.Server.Version}}'",
			Breaks: "Clients older than about 2016.",
		},
		Refs:     rule.Refs{CISRelated: "2.8", NIST: "4.3.1", ATTACK: "T1557", Guide: "G5", Docs: "Protect the Docker daemon socket"},
		Bad:      []rule.Example{{Show: "openssl s_client -tls1_1 succeeds", Facts: example.TCP("192.0.2.10:2376", verified(func(h *snapshot.Handshake) { h.Versions = []string{"1.1", "1.2"} }))}},
		Good:     []rule.Example{{Show: "TLS 1.2 and 1.3 only", Facts: example.TCP("192.0.2.10:2376", verified(nil))}},
		Listener: onTCP(checkTLSVersion),
	}
}

func checkTLSVersion(c *rule.Context, l *snapshot.Listener, h snapshot.Handshake) rule.Answer {
	var old []string
	for _, v := range h.Versions {
		if v == "1.0" || v == "1.1" {
			old = append(old, v)
		}
	}
	switch {
	case !h.TLS:
		return c.NotApplicable("the listener does not speak TLS")
	case len(old) > 0:
		return c.Fail("%s accepts TLS %s", l.Address, lang.Comma(old))
	}
	return c.Pass("%s accepts TLS %s", l.Address, lang.Comma(h.Versions))
}
