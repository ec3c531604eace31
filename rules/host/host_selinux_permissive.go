package host

import (
	"seawall/rule"
	"seawall/snapshot"
)

func selinuxPermissive() *rule.Rule {
	return &rule.Rule{
		ID:       "host-selinux-permissive",
		Title:    "SELinux only reports",
		Severity: rule.Medium,
		Why:      "In permissive mode SELinux writes down what it would have refused and lets it happen. Containers carry labels that stop nothing.",
		Fix: rule.Fix{
			Text:   "Look through the refusals in the audit log, mend their causes, then enforce.",
			Shell:  "sudo ausearch -m avc -ts boot\nsudo setenforce 1\nsudo sed -i 's/^SELINUX=.*/SELINUX=enforcing/' /etc/selinux/config",
			Breaks: "What the log shows as denied.",
		},
		Refs: rule.Refs{CISRelated: "5.3", NIST: "4.4.3 4.5.2", ATTACK: "T1562.001", Guide: "G20"},
		Bad:  []rule.Example{{Show: "setenforce 0", Facts: lsm(false, snapshot.SELinux{Enabled: true})}},
		Good: []rule.Example{{Show: "setenforce 1", Facts: lsm(false, snapshot.SELinux{Enabled: true, Enforcing: true})}},
		Host: func(c *rule.Context, h *snapshot.Host) rule.Answer {
			switch state := h.SELinux.Read(c); {
			case !state.Enabled:
				return c.NotApplicable("the host has no SELinux")
			case state.Enforcing:
				return c.Pass("SELinux is enforcing")
			}
			return c.Fail("SELinux is permissive: it stops nothing")
		},
	}
}
