package client

import (
	"seawall/dockerhost"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func contextPlaintext() *rule.Rule {
	return &rule.Rule{
		ID:       "client-context-plaintext-tcp",
		Title:    "A context talks to an engine without encryption",
		Severity: rule.High,
		Why: "Everything the user does in this context, registry passwords, build contexts and environment variables included, crosses the network in clear, and can be changed on the way. " +
			"The engine at the other end serves anyone who reaches it.",
		Fix: rule.Fix{
			Text:   "Reach the engine by ssh, or by TLS with client certificates.",
			Shell:  "docker context update NAME --docker host=ssh://admin@host",
			Breaks: "Nothing, if the user has ssh access to the host.",
		},
		Refs: rule.Refs{CISRelated: "2.8", NIST: "4.3.1", ATTACK: "T1040 T1557", Guide: "G1 G4 G5", Docs: "Docker contexts"},
		Bad:  []rule.Example{{Show: "docker context create prod --docker host=tcp://10.0.0.5:2375", Facts: contexts(snapshot.Context{Name: "prod", Host: "tcp://10.0.0.5:2375"})}},
		Good: []rule.Example{
			{Show: "docker context create prod --docker host=ssh://admin@10.0.0.5", Facts: contexts(snapshot.Context{Name: "prod", Host: "ssh://admin@10.0.0.5"})},
			{Show: "with ca, cert and key", Facts: contexts(snapshot.Context{Name: "prod", Host: "tcp://10.0.0.5:2376", TLS: true})},
		},
		Client: contextCheck("contexts of %s talk to engines without encryption: %s", func(x snapshot.Context) bool { return !x.TLS && !x.SkipTLSVerify && dockerhost.Beyond(x.Host) }),
	}
}

func contexts(list ...snapshot.Context) func(*snapshot.Snapshot) {
	return example.Client(func(cl *snapshot.Client) { example.Set(&cl.Contexts, list) })
}

// contextCheck fails for the contexts that have the fault, with a format for whose they
// are and their names.
func contextCheck(format string, fault func(snapshot.Context) bool) check {
	return func(c *rule.Context, cl *snapshot.Client) rule.Answer {
		var found []string
		for _, x := range cl.Contexts.Read(c) {
			if fault(x) {
				found = append(found, x.Name+" ("+x.Host+")")
			}
		}
		if len(found) > 0 {
			return c.Fail(format, cl.User, lang.Comma(found))
		}
		return c.Pass("no context of %s does", cl.User)
	}
}
