package engine

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func corsHeader() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-cors-header-set",
		Title:    "Web pages may use the engine's API",
		Severity: rule.High,
		Why: "With api-cors-header the API tells browsers that pages of other origins may talk to it. A page that somebody with access to the API opens, or an advertisement in it, can then start containers, " +
			"root on the host included. The setting was removed in 28.0 for that reason.",
		Fix: rule.Fix{
			Text:   "Remove the setting. A web interface talks to the engine from its own server.",
			Shell:  "sudo systemctl restart docker   # after api-cors-header is gone from daemon.json and the command line",
			Breaks: "Interfaces that run in the browser only.",
		},
		Refs: rule.Refs{NIST: "4.3.1 4.3.2", ATTACK: "T1189 T1611", Guide: "G4 G11", Docs: "Deprecated Docker Engine features"},
		Bad: []rule.Example{
			{Show: `dockerd 26 with {"api-cors-header": "*"} and a TCP port`, Facts: cors("26.1.5", "*", true)},
			{Show: "the same without a TCP port", Facts: cors("26.1.5", "https://ui.example", false)},
		},
		Good: []rule.Example{
			{Show: "dockerd 26", Facts: cors("26.1.5", "", true)},
			{Show: "dockerd 28, which has no such setting", Facts: cors("28.0.0", "*", true)},
		},
		Engine: dockerd(checkCORS),
	}
}

func cors(version, header string, tcp bool) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		example.Set(&e.Version, version)
		example.Set(&e.Settings.CORSHeader, header)
		if tcp {
			example.Add(&e.Listeners, snapshot.Listener{Name: "tcp://127.0.0.1:2375", Service: "engine", Network: "tcp", Address: "127.0.0.1:2375"})
		}
	})
}

// checkCORS: browsers speak to TCP ports only.
func checkCORS(c *rule.Context, e *snapshot.Engine) rule.Answer {
	origins := e.Settings.CORSHeader.Read(c)
	if origins == "" {
		return c.Pass("the API tells browsers nothing")
	}
	if !olderThan(c, e, 28) {
		return c.Pass("engines from 28.0 on leave the setting out of account")
	}
	list, _ := e.Listeners.Peek()
	for _, l := range list {
		if l.Network == "tcp" && l.Service == "engine" {
			return c.Fail("the API at %s lets web pages of %s use it", l.Name, origins)
		}
	}
	return c.FailAs(rule.Low, "no TCP port of the engine is known, and browsers speak to no other", "the API would let web pages of %s use it", origins)
}
