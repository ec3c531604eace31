package engine

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func metricsExposed() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-metrics-exposed",
		Title:    "The engine's metrics are open to the network",
		Severity: rule.Medium,
		Why:      "The metrics port knows no TLS and no password. It tells strangers the engine's exact version, kernel and load, and whether their attempts had an effect.",
		Fix: rule.Fix{
			Text:   "Bind the metrics to the loopback address and let the collector fetch them from there, or turn them off.",
			Daemon: `{"metrics-addr": "127.0.0.1:9323"}`,
			Breaks: "Collectors on other hosts; put a reverse proxy with authentication before it.",
		},
		Refs: rule.Refs{NIST: "4.4.2 4.5.1", ATTACK: "T1046", Guide: "G11 G12", Docs: "Collect Docker metrics with Prometheus"},
		Bad: []rule.Example{
			{Daemon: `{"metrics-addr": "0.0.0.0:9323"}`},
			{Show: "dockerd --metrics-addr 0.0.0.0:9323", Facts: metrics("0.0.0.0:9323")},
		},
		Good:   []rule.Example{{Daemon: `{"metrics-addr": "127.0.0.1:9323"}`}, {Show: "dockerd", Facts: metrics("")}},
		Engine: dockerd(checkMetrics),
	}
}

func metrics(address string) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.MetricsAddress, address) })
}

func checkMetrics(c *rule.Context, e *snapshot.Engine) rule.Answer {
	address := e.Settings.MetricsAddress.Read(c)
	if address == "" {
		return c.Pass("the engine offers no metrics")
	}
	if (snapshot.Listener{Network: "tcp", Address: address}).Loopback() {
		return c.Pass("metrics are on the loopback address %s", address)
	}
	return c.Fail("metrics are served without authentication on %s", address)
}
