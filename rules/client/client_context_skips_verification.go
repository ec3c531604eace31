package client

import (
	"strings"

	"seawall/rule"
	"seawall/snapshot"
)

func contextSkipsVerification() *rule.Rule {
	return &rule.Rule{
		ID:       "client-context-skips-verification",
		Title:    "A context does not check who the engine is",
		Severity: rule.High,
		Why:      "With skip-tls-verify the CLI talks to whoever answers at the address. Anyone on the way can pose as the engine and receives passwords, build contexts and secrets.",
		Fix: rule.Fix{
			Text:   "Give the context the CA of the engine's certificate and turn verification on.",
			Shell:  "docker context update NAME --docker host=tcp://host:2376,ca=ca.pem,cert=cert.pem,key=key.pem,skip-tls-verify=false",
			Breaks: "Engines whose certificate does not name the host or has ended.",
		},
		Refs: rule.Refs{CISRelated: "2.8", NIST: "4.3.1", ATTACK: "T1557", Guide: "G1 G5", Docs: "Docker contexts"},
		Bad:  []rule.Example{{Show: "docker context create prod --docker host=tcp://10.0.0.5:2376,skip-tls-verify=true", Facts: contexts(snapshot.Context{Name: "prod", Host: "tcp://10.0.0.5:2376", TLS: true, SkipTLSVerify: true})}},
		Good: []rule.Example{
			{Show: "with ca, cert and key", Facts: contexts(snapshot.Context{Name: "prod", Host: "tcp://10.0.0.5:2376", TLS: true})},
			{Show: "an ssh or local address, which uses no TLS", Facts: contexts(
				snapshot.Context{Name: "ssh", Host: "ssh://admin@10.0.0.5", SkipTLSVerify: true},
				snapshot.Context{Name: "here", Host: "unix:///var/run/docker.sock", SkipTLSVerify: true})},
		},
		Client: contextCheck("contexts of %s do not verify the engine: %s", func(x snapshot.Context) bool {
			return x.SkipTLSVerify && !strings.HasPrefix(x.Host, "ssh://") && !strings.HasPrefix(x.Host, "unix://")
		}),
	}
}
