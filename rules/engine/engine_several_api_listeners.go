package engine

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func severalListeners() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-several-api-listeners",
		Title:    "The engine can be controlled through several sockets",
		Severity: rule.Low,
		Why:      "Each socket of the engine is a door with a lock of its own. The second one is easily forgotten when access is tightened or reviewed.",
		Fix: rule.Fix{
			Text:   "Keep the sockets that are needed; for remote use prefer ssh to the unix socket over a TCP listener.",
			Daemon: `{"hosts": ["unix:///run/docker.sock"]}`,
			Shell:  "docker context create remote --docker host=ssh://admin@host",
			Breaks: "Clients of the sockets that go. A host in daemon.json beside -H in the unit keeps the daemon from starting.",
		},
		Refs: rule.Refs{CISRelated: "2.8", NIST: "4.3.1 4.5.1", ATTACK: "T1133", Guide: "G1 G3 G4", Docs: "Protect the Docker daemon socket"},
		Bad: []rule.Example{{Show: "dockerd -H fd:// -H unix:///run/alt.sock", Facts: example.Engine(func(e *snapshot.Engine) {
			example.Add(&e.Listeners, snapshot.Listener{Name: "unix:///run/alt.sock", Service: "engine", Network: "unix", Address: "/run/alt.sock"})
		})}},
		Good:   []rule.Example{{Show: "dockerd -H fd://", Facts: func(*snapshot.Snapshot) {}}},
		Engine: checkSeveralListeners,
	}
}

func checkSeveralListeners(c *rule.Context, e *snapshot.Engine) rule.Answer {
	listeners, _ := e.Listeners.Look(c)
	var names []string
	for _, l := range listeners {
		if l.Service == "engine" {
			names = append(names, l.Name)
		}
	}
	c.Cite(e.Listeners.Origin(), names)
	if len(names) > 1 {
		return c.Fail("the engine listens on %s", lang.Comma(names))
	}
	e.ListsAll(c)
	return c.Pass("the engine has one listener")
}
