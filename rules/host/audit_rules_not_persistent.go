package host

import (
	"slices"
	"strings"

	"seawall/auditlog"
	"seawall/rule"
	"seawall/snapshot"
)

func auditNotPersistent() *rule.Rule {
	return &rule.Rule{
		ID:       "audit-rules-not-persistent",
		Title:    "Audit rules about an engine are gone after the next boot",
		Severity: rule.Low,
		Why: "The kernel records changes of an engine's files by rules that were loaded by hand. auditd's files do not hold them, so the next boot, or the next augenrules --load, " +
			"ends the record without a word.",
		Fix: rule.Fix{
			Text:   "Write the rules into a file of auditd's. Where another program loads its own rules at every start, accept the finding.",
			Shell:  "sudo auditctl -l | grep docker | sudo tee -a /etc/audit/rules.d/docker.rules\nsudo augenrules --load",
			Breaks: "Nothing.",
		},
		Refs: rule.Refs{CISRelated: "1.1.3", NIST: "4.5.5", ATTACK: "T1562.012", Guide: "G21"},
		Bad: []rule.Example{
			{Show: "auditctl -w /usr/sbin/dockerd -p wa", Facts: auditState(func(_ *snapshot.Audit, config *snapshot.AuditConfig) { config.Rules = config.Rules[1:] })},
			{Show: "no files of auditd", Facts: func(s *snapshot.Snapshot) {
				s.Host.AuditConfig = snapshot.None[snapshot.AuditConfig](s.Host.AuditConfig.Origin())
			}},
		},
		Good: []rule.Example{
			{Show: "every rule in /etc/audit/rules.d/docker.rules", Facts: func(*snapshot.Snapshot) {}},
			{Show: "a rule by hand about another path", Facts: auditState(func(a *snapshot.Audit, _ *snapshot.AuditConfig) {
				a.Rules = append(a.Rules, snapshot.AuditRule{Filter: "exit", Action: "always", Path: "/etc/passwd", Real: "/etc/passwd", Perm: "wa", AllSyscalls: true})
			})},
		},
		Host: checkAuditNotPersistent,
	}
}

func checkAuditNotPersistent(c *rule.Context, h *snapshot.Host) rule.Answer {
	a, _ := h.Audit.Look(c)
	config, ok := h.AuditConfig.Look(c)
	if !ok {
		c.Stop()
	}
	c.Snapshot.AllEngines.Try(c)
	var paths []snapshot.AuditPath
	for i := range c.Snapshot.Engines {
		if e := &c.Snapshot.Engines[i]; e.Local && e.Kind != "podman" {
			own, _ := e.Daemon.AuditPaths.Look(c)
			paths = append(paths, own...)
		}
	}
	var lost []snapshot.AuditRule
	about := 0
	for _, r := range a.Rules {
		if r.Action != "always" || !slices.ContainsFunc(paths, func(p snapshot.AuditPath) bool { return auditlog.About(r, p) }) {
			continue
		}
		about++
		if !auditlog.Has(config.Rules, r) {
			lost = append(lost, r)
		}
	}
	if len(lost) > 0 && len(config.Unread) == 0 {
		c.Cite(h.Audit.Origin(), lines(lost))
		return c.Fail("no file of auditd holds %d of %d rules about an engine's files: %s", len(lost), about, strings.Join(lines(lost), "; "))
	}
	if len(lost) > 0 {
		c.Missed(h.AuditConfig.Origin(), notUnderstood(config))
	}
	if about == 0 {
		return c.NotApplicable("the kernel has no rule about an engine's files")
	}
	return c.Pass("auditd's files hold all %d rules about an engine's files", about)
}
