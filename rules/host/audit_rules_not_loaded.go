package host

import (
	"slices"
	"strings"

	"seawall/auditlog"
	"seawall/rule"
	"seawall/snapshot"
)

func auditNotLoaded() *rule.Rule {
	return &rule.Rule{
		ID:       "audit-rules-not-loaded",
		Title:    "Audit rules are configured that the kernel does not have",
		Severity: rule.Low,
		Why: "A rule in auditd's files says that changes of a path are recorded, and the kernel has no such rule. It was never loaded, an earlier line stopped the loading, or somebody took it away. " +
			"Who reads the files believes in a record that does not exist.",
		Fix: rule.Fix{
			Text:   "Load the rules and read what auditctl says of each line. Rules that were locked by -e 2 change at the next boot only.",
			Shell:  "sudo augenrules --load\nsudo auditctl -l",
			Breaks: "Nothing; the rules begin to fill the log.",
		},
		Refs: rule.Refs{CISRelated: "1.1.3", NIST: "4.5.5", ATTACK: "T1562.012", Guide: "G21"},
		Bad: []rule.Example{
			{Show: "auditctl -D", Facts: auditState(func(a *snapshot.Audit, _ *snapshot.AuditConfig) { a.Rules = nil })},
			{Show: "loaded for reads alone", Facts: auditState(func(a *snapshot.Audit, _ *snapshot.AuditConfig) { a.Rules[0].Perm = "r" })},
		},
		Good: []rule.Example{
			{Show: "augenrules --load", Facts: func(*snapshot.Snapshot) {}},
			{Show: "a rule about a directory that does not exist", Facts: auditState(func(_ *snapshot.Audit, config *snapshot.AuditConfig) {
				config.Rules = append(config.Rules, snapshot.AuditRule{Filter: "exit", Action: "always", Path: "/opt/none/file", Perm: "wa", AllSyscalls: true})
			})},
		},
		Host: checkAuditNotLoaded,
	}
}

// checkAuditNotLoaded asks for rules that name a path which exists: the kernel
// takes no others.
func checkAuditNotLoaded(c *rule.Context, h *snapshot.Host) rule.Answer {
	config, _ := h.AuditConfig.Look(c)
	named := slices.DeleteFunc(slices.Clone(config.Rules), func(r snapshot.AuditRule) bool {
		return r.Action != "always" || r.Filter != "exit" || r.Real == ""
	})
	if len(config.Unread) > 0 {
		c.Missed(h.AuditConfig.Origin(), notUnderstood(config))
	}
	if len(named) == 0 {
		return c.NotApplicable("no rule about a path is configured")
	}
	a, ok := h.Audit.Look(c)
	if !ok {
		c.Stop()
	}
	missing := slices.DeleteFunc(slices.Clone(named), func(r snapshot.AuditRule) bool { return auditlog.Has(a.Rules, r) })
	if len(missing) > 0 {
		c.Cite(h.AuditConfig.Origin(), lines(missing))
		return c.Fail("the kernel has not loaded %d of %d configured rules about paths: %s", len(missing), len(named), strings.Join(lines(missing), "; "))
	}
	return c.Pass("all %d configured rules about paths are loaded", len(named))
}
