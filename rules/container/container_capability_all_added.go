package container

import (
	"seawall/confinement"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func capabilityAllAdded() *rule.Rule {
	return &rule.Rule{
		ID:       "container-capability-all-added",
		Title:    "A container has all capabilities",
		Severity: rule.Critical,
		Confined: rule.Medium,
		Why: "All capabilities together are root's whole power: loading kernel modules, mounting, raw devices, changing the network. " +
			"What --privileged gives beyond them, devices and no filters, is soon made up for: the engine's system call filter opens what belongs to an added capability.",
		Fix: rule.Fix{
			Text:    "Drop all capabilities and add those that the workload is seen to use.",
			Run:     "instead of --cap-add ALL: --cap-drop ALL --cap-add NET_BIND_SERVICE",
			Compose: "services:\n  web:\n    cap_drop: [ALL]\n    cap_add: [NET_BIND_SERVICE]",
			Breaks:  "Whatever used a capability that is not given by name. Try the workload with the new settings before you change it for good.",
			Edits:   rule.Edits{Do: []rule.Edit{dropCapability("ALL")}},
		},
		Refs: rule.Refs{CIS: "5.4", NIST: "4.4.3", ATTACK: "T1611", Guide: "G17 G19", Docs: "Running containers", Peers: "CL-0024 docksec:dangerous-capabilities"},
		Bad: []rule.Example{
			{Run: "docker run --cap-add ALL alpine"},
			{Run: "docker run --cap-add=all --cap-drop=SYS_TIME alpine"},
		},
		Good: []rule.Example{{Run: "docker run --cap-drop ALL alpine"}, {Run: "docker run --cap-add NET_ADMIN alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			if a, covered := coveredByPrivileged(c, ctr); covered {
				return a
			}
			if add := ctr.CapAdd.Read(c); add != snapshot.AllCaps {
				return c.Pass("not all capabilities are added")
			}
			drop, _ := ctr.CapDrop.Try(c)
			kept := ""
			if drop != 0 && drop != snapshot.AllCaps {
				kept = lang.Sprintf(" but %s", drop)
			}
			if user := confinement.NotRoot(c.Engine, ctr); user != "" && confinement.Confined(c.Engine, ctr) == "" {
				return c.FailAs(rule.High, lang.Sprintf("the process is no root (user %s): it can use them only through a setuid program or one with file capabilities", user),
					"it has all capabilities%s%s", kept, life(ctr))
			}
			return c.Fail("it has all capabilities%s%s", kept, life(ctr))
		},
	}
}
