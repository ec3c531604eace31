package engine

import (
	"net"
	"net/url"
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func pluginOverNetwork() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-plugin-over-network",
		Title:    "The engine believes a plugin that it cannot tell from a stranger",
		Severity: rule.High,
		Why: "A plugin's file may name a TCP address. Without TLS and a CA the engine takes orders and answers from whoever is there: an authorization plugin allows what it is told to, a volume plugin names host directories. " +
			"On a loopback address every local user can be the one who answers while the plugin is down.",
		Fix: rule.Fix{
			Text:   "Let the plugin listen on a unix socket in /run/docker/plugins, or give its file a TLSConfig with a CA.",
			Shell:  "sudo rm /etc/docker/plugins/NAME.spec   # the plugin makes /run/docker/plugins/NAME.sock",
			Breaks: "Plugins that run on another machine need certificates.",
		},
		Refs:   rule.Refs{NIST: "4.3.3 4.5.1", ATTACK: "T1557", Guide: "G2", Docs: "Docker Engine plugin API"},
		Bad:    []rule.Example{{Show: "echo tcp://10.0.0.5:9000 > /etc/docker/plugins/opa.spec", Facts: pluginAt("tcp://10.0.0.5:9000", false)}, {Show: "a plugin on a loopback port", Facts: pluginAt("http://127.0.0.1:9000", false)}},
		Good:   []rule.Example{{Show: "a unix socket", Facts: pluginAt("unix:///run/opa.sock", false)}, {Show: "TLS with a CA", Facts: pluginAt("https://10.0.0.5:9000", true)}},
		Engine: dockerd(checkPluginNetwork),
	}
}

// pluginAt is an engine with a plugin that a file describes.
func pluginAt(address string, verified bool) func(*snapshot.Snapshot) {
	return withPlugin(snapshot.PluginSpec{Address: address, Verified: verified, Socket: snapshot.None[snapshot.File](snapshot.At("socket", address))})
}

func withPlugin(p snapshot.PluginSpec) func(*snapshot.Snapshot) {
	p.Name, p.File = "opa", "/etc/docker/plugins/opa.spec"
	return example.Engine(func(e *snapshot.Engine) { example.Set(&e.Daemon.PluginSpecs, []snapshot.PluginSpec{p}) })
}

func checkPluginNetwork(c *rule.Context, e *snapshot.Engine) rule.Answer {
	specs, _ := e.Daemon.PluginSpecs.Look(c)
	var open []string
	remote := false
	for _, p := range specs {
		if strings.HasPrefix(p.Address, "unix:") || p.Verified {
			continue
		}
		c.Cite(snapshot.At("Addr", p.File), p.Address)
		open = append(open, lang.Sprintf("%s at %s", p.Name, p.Address))
		remote = remote || !onLoopback(p.Address)
	}
	switch {
	case len(specs) == 0:
		return c.NotApplicable("no file describes a plugin")
	case len(open) == 0:
		return c.Pass("every plugin described by a file is on a unix socket or verified")
	case !remote:
		return c.FailAs(rule.Medium, "only local users and containers on the host's network can answer there", "the engine asks plugins without knowing who answers: %s", lang.Comma(open))
	}
	return c.Fail("the engine asks plugins without knowing who answers: %s", lang.Comma(open))
}

// onLoopback reports whether the host of a URL is a loopback address.
func onLoopback(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (snapshot.Listener{Network: "tcp", Address: net.JoinHostPort(u.Hostname(), "0")}).Loopback()
}
