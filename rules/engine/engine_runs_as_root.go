package engine

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func runsAsRoot() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-runs-as-root",
		Title:    "The engine runs as root",
		Severity: rule.Medium,
		Why: "Whoever takes over a daemon that runs as root, or escapes from one of its containers, is root on the host. " +
			"In rootless mode daemon and containers belong to an ordinary user, and what escapes has that user's rights only. " +
			"It is worth its limits where the integrity of the host counts more than convenience: shared machines, build servers, hosts that run code of others.",
		Fix: rule.Fix{
			Text:   "Install the engine in rootless mode for a user of its own and move the workloads over; where that is not possible, turn on user namespace remapping (see engine-userns-remap-off).",
			Shell:  "sudo systemctl disable --now docker.service docker.socket\nsudo -iu dockeruser dockerd-rootless-setuptool.sh install\nsudo loginctl enable-linger dockeruser",
			Breaks: "No overlay networks, no AppArmor profiles, no use of the host's own network, ports below 1024 only after lowering net.ipv4.ip_unprivileged_port_start, resource limits only on cgroup v2 with systemd; images and volumes have to be moved.",
		},
		Refs:   rule.Refs{CIS: "2.1", NIST: "4.4.3 4.5.2", ATTACK: "T1611", Guide: "G2 G7 G8 G9", Docs: "Rootless mode"},
		Bad:    []rule.Example{{Show: "dockerd started by the system as root", Facts: func(*snapshot.Snapshot) {}}},
		Good:   []rule.Example{{Show: "dockerd-rootless-setuptool.sh install", Facts: example.Engine(example.Rootless)}},
		Engine: checkRunsAsRoot,
	}
}

func checkRunsAsRoot(c *rule.Context, e *snapshot.Engine) rule.Answer {
	if e.Settings.Rootless.Read(c) {
		return c.Pass("the engine is rootless")
	}
	outlook := rootlessOutlook(c.Host, e)
	if remapped, _ := e.Settings.UserNSRemap.Try(c); remapped {
		return c.FailAs(rule.Low, "user namespaces are remapped: containers are kept from root on the host, the daemon is not",
			"the engine runs as root; %s", outlook)
	}
	return c.Fail("the engine runs as root; %s", outlook)
}
