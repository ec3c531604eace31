package host

import (
	"seawall/rule"
	"seawall/snapshot"
)

func auditDisabled() *rule.Rule {
	return &rule.Rule{
		ID:       "audit-disabled",
		Title:    "The kernel's audit log has rules and is switched off",
		Severity: rule.Medium,
		Why: "Rules say what is to be recorded, and the kernel records none of it. Whoever set up the rules relies on a log that stays empty; " +
			"to switch it off is also what an intruder with root does first.",
		Fix: rule.Fix{
			Text:   "Switch it on, and look for who switched it off: the boot line (audit=0), a line -e 0 in auditd's rules, or a person. With -e 2 as the last rule it stays on until the next boot.",
			Shell:  "sudo auditctl -e 1\ngrep -o 'audit=[^ ]*' /proc/cmdline; sudo grep -rn '^ *-e' /etc/audit/rules.d /etc/audit/audit.rules",
			Breaks: "Nothing; the rules begin to fill the log.",
		},
		Refs: rule.Refs{NIST: "4.5.5", ATTACK: "T1562.012", Guide: "G21"},
		Bad: []rule.Example{
			{Show: "auditctl -e 0", Facts: auditState(func(a *snapshot.Audit, _ *snapshot.AuditConfig) { a.Enabled = 0 })},
			{Show: "rules in /etc/audit/rules.d, and a kernel booted with audit=0", Facts: auditState(func(a *snapshot.Audit, _ *snapshot.AuditConfig) { *a = snapshot.Audit{} })},
		},
		Good: []rule.Example{
			{Show: "auditctl -e 1", Facts: func(*snapshot.Snapshot) {}},
			{Show: "auditctl -e 2", Facts: auditState(func(a *snapshot.Audit, _ *snapshot.AuditConfig) { a.Enabled = 2 })},
		},
		Host: checkAuditDisabled,
	}
}

func checkAuditDisabled(c *rule.Context, h *snapshot.Host) rule.Answer {
	a, ok := h.Audit.Look(c)
	if !ok {
		c.Stop()
	}
	if a.Enabled != 0 {
		return c.Pass("the kernel's audit log is on")
	}
	off := "the kernel's audit log is switched off"
	if h.Audit.State() == snapshot.Absent {
		off = "the kernel has no audit log"
	}
	c.Cite(h.Audit.Origin(), off)
	if len(a.Rules) > 0 {
		return c.Fail("%s, with %d rules loaded", off, len(a.Rules))
	}
	config, _ := h.AuditConfig.Look(c)
	if len(config.Rules) > 0 {
		c.Cite(h.AuditConfig.Origin(), lines(config.Rules))
		return c.Fail("%s, and auditd's files hold %d rules for it", off, len(config.Rules))
	}
	return c.NotApplicable("%s, and there are no rules for it", off)
}
