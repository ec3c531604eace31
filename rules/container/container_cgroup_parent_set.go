package container

import (
	"seawall/rule"
	"seawall/snapshot"
)

func cgroupParentSet() *rule.Rule {
	return &rule.Rule{
		ID:       "container-cgroup-parent-set",
		Title:    "A container is in a control group of its own choice",
		Severity: rule.Low,
		Why: "Limits that the administrator set on the engine's control group do not hold a container that was put under another one, " +
			"and what counts or watches containers by their group does not find it.",
		Fix: rule.Fix{
			Text:    "Leave the parent to the engine, or waive this rule for a group that was set up for the container.",
			Run:     "remove: --cgroup-parent",
			Compose: "services:\n  web:\n    cgroup_parent: \"\"   # remove it",
			Breaks:  "Limits set on the other group do not apply any more.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.Drop("cgroup_parent")}},
		},
		Refs: rule.Refs{CIS: "5.25", NIST: "4.4.3", ATTACK: "T1499", Guide: "G25", Docs: "dockerd", Peers: "kics:4d9f44c6"},
		Bad:  []rule.Example{{Run: "docker run --cgroup-parent /unlimited alpine"}},
		Good: []rule.Example{{Run: "docker run alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			if parent := ctr.CgroupParent.Read(c); parent != "" {
				return c.Fail("its control group is below %s%s", parent, life(ctr))
			}
			return c.Pass("the engine chooses its control group")
		},
	}
}
