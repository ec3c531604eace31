package engine

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func usernsRemapOff() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-userns-remap-off",
		Title:    "Root in a container is root on the host",
		Severity: rule.Medium,
		Why: "Without user namespaces the uid 0 of a container is the uid 0 of the host. A process that leaves its container by a flaw or a careless mount is root at once. " +
			"With remapping it is a user without any rights.",
		Fix: rule.Fix{
			Text:   "Turn on user namespace remapping and restart the engine. It then keeps images and containers in a new directory below the data root.",
			Daemon: `{"userns-remap": "default"}`,
			Breaks: "Existing images, containers and volumes are not visible until remapping is turned off again; files of bind mounts must be readable for the mapped users; --privileged, --network host and --pid host need --userns host.",
		},
		Refs:   rule.Refs{CIS: "2.10", NIST: "4.4.3 4.5.2", ATTACK: "T1611", Guide: "G2 G7", Docs: "Isolate containers with a user namespace"},
		Bad:    []rule.Example{{Daemon: `{}`}, {Show: "dockerd without --userns-remap", Facts: func(*snapshot.Snapshot) {}}},
		Good:   []rule.Example{{Daemon: `{"userns-remap": "default"}`}, {Show: "dockerd --userns-remap default", Facts: example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.UserNSRemap, true) })}},
		Engine: checkUsernsRemap,
	}
}

func checkUsernsRemap(c *rule.Context, e *snapshot.Engine) rule.Answer {
	if e.Settings.Rootless.Read(c) {
		return c.NotApplicable("the engine is rootless: its containers are in a user namespace anyway")
	}
	if e.Settings.UserNSRemap.Read(c) {
		return c.Pass("root in containers is an ordinary user of the host")
	}
	return c.Fail("root in containers is root on the host: user namespaces are not remapped")
}
