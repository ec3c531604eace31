package engine

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func cgroupParentSet() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-cgroup-parent-set",
		Title:    "The engine puts containers below an unusual cgroup",
		Severity: rule.Low,
		Why:      "The parent cgroup decides which limits hold for all containers together. With another one than the default they may share limits with other services, or have none.",
		Fix: rule.Fix{
			Text:   "Remove cgroup-parent, or confirm that the cgroup has the limits that are meant and waive this finding.",
			Daemon: `{"cgroup-parent": ""}`,
			Breaks: "Limits set on the other cgroup no longer hold for new containers.",
		},
		Refs: rule.Refs{CIS: "2.11", CISRelated: "5.25", NIST: "4.4.3", ATTACK: "T1499", Guide: "G21", Docs: "dockerd"},
		Bad: []rule.Example{
			{Daemon: `{"cgroup-parent": "/foobar"}`},
			{Show: "dockerd --cgroup-parent /foobar", Facts: cgroupParent("/foobar")},
		},
		Good:   []rule.Example{{Daemon: `{}`}, {Show: "dockerd", Facts: cgroupParent("system.slice")}},
		Engine: dockerd(checkCgroupParent),
	}
}

func cgroupParent(name string) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.CgroupParent, name) })
}

func checkCgroupParent(c *rule.Context, e *snapshot.Engine) rule.Answer {
	switch parent := e.Settings.CgroupParent.Read(c); parent {
	case "", "/docker", "docker", "system.slice", "user.slice":
		return c.Pass("the parent cgroup is the default")
	default:
		return c.Fail("containers are below the cgroup %s", parent)
	}
}
