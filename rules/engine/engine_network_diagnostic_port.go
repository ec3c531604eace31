package engine

import (
	"seawall/rule"
	"seawall/snapshot"
)

func diagnosticPort() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-network-diagnostic-port",
		Title:    "The engine offers its network diagnostics without a password",
		Severity: rule.Medium,
		Why: "The diagnostic server on a loopback port knows no authentication. Every local user, and every container with the host's network, can read the tables of overlay networks there, " +
			"write false entries into them and make the node leave its cluster. It starts when the engine reads its configuration anew.",
		Fix: rule.Fix{
			Text:   "Remove the setting and restart the engine; turn it on only for the time of a search for a fault.",
			Daemon: `{}`,
			Shell:  "sudo systemctl restart docker   # after network-diagnostic-port is gone from daemon.json",
			Breaks: "Diagnosis of overlay networks.",
		},
		Refs:   rule.Refs{NIST: "4.3.1 4.4.2", ATTACK: "T1557", Guide: "G11 G13", Docs: "dockerd"},
		Bad:    []rule.Example{{Daemon: `{"network-diagnostic-port": 7777}`}},
		Good:   []rule.Example{{Daemon: `{}`}, {Daemon: `{"network-diagnostic-port": 0}`}},
		Engine: dockerd(checkDiagnosticPort),
	}
}

func checkDiagnosticPort(c *rule.Context, e *snapshot.Engine) rule.Answer {
	if port := e.Settings.NetworkDiagnosticPort.Read(c); port != "" && port != "0" {
		return c.Fail("the engine offers network diagnostics on 127.0.0.1:%s from the next reload of its configuration on", port)
	}
	return c.Pass("the engine offers no network diagnostics")
}
