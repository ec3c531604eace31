package container

import (
	"seawall/confinement"
	"seawall/rule"
	"seawall/snapshot"
)

func defaultCapabilitiesKept() *rule.Rule {
	return &rule.Rule{
		ID:       "container-default-capabilities-kept",
		Title:    "A container keeps all default capabilities",
		Severity: rule.Low,
		Why: "The engine gives every container 14 capabilities, among them raw network packets, device nodes and changing file owners. " +
			"Most workloads use none to three of them; the rest only serves whoever breaks in.",
		Fix: rule.Fix{
			Text:    "Drop all capabilities and add those that the workload is seen to use.",
			Run:     "--cap-drop ALL --cap-add NET_BIND_SERVICE",
			Compose: "services:\n  web:\n    cap_drop: [ALL]\n    cap_add: [NET_BIND_SERVICE]",
			Breaks:  "Entry points that change owners (CHOWN, FOWNER, DAC_OVERRIDE) or users (SETUID, SETGID), servers on ports below 1024 (NET_BIND_SERVICE), ping (NET_RAW).",
			Edits: rule.Edits{
				Do:   []rule.Edit{rule.Add("cap_drop", "ALL")},
				Safe: holdsNone, SafeWhen: whenHoldsNone,
			},
		},
		Refs: rule.Refs{CIS: "5.4", NIST: "4.4.3", ATTACK: "T1611", Guide: "G18", Docs: "Running containers", Peers: "kics:ce76b7d0 CL-0006"},
		Bad: []rule.Example{
			{Run: "docker run alpine"},
			{Run: "docker run --cap-add NET_ADMIN alpine"},
		},
		Good: []rule.Example{{Run: "docker run --cap-drop ALL --cap-add CHOWN alpine"}, {Run: "docker run --cap-drop NET_RAW alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			caps := confinement.CapabilitiesOf(c, ctr)
			if a, covered := coveredByAll(c, ctr); covered {
				return a
			}
			if caps.Holds(snapshot.DefaultCaps) {
				return c.Fail("it keeps all %d default capabilities, NET_RAW and MKNOD among them%s", snapshot.DefaultCaps.Len(), life(ctr))
			}
			return c.Pass("default capabilities are dropped")
		},
	}
}
