package host

import (
	"slices"

	"seawall/lang"
	"seawall/rule/example"
	"seawall/snapshot"
)

// auditState changes the kernel's audit log and auditd's rules.
func auditState(change func(*snapshot.Audit, *snapshot.AuditConfig)) func(*snapshot.Snapshot) {
	return example.Host(func(h *snapshot.Host) {
		a, _ := h.Audit.Peek()
		config, _ := h.AuditConfig.Peek()
		a.Rules, config.Rules = slices.Clone(a.Rules), slices.Clone(config.Rules)
		change(&a, &config)
		example.Set(&h.Audit, a)
		example.Set(&h.AuditConfig, config)
	})
}

// lines are rules as auditctl writes them.
func lines(rules []snapshot.AuditRule) []string {
	out := make([]string, len(rules))
	for i, r := range rules {
		out[i] = r.String()
		if r.Where != "" {
			out[i] += " (" + r.Where + ")"
		}
	}
	return out
}

// notUnderstood is the gap of lines that may hold more rules, or take some away.
func notUnderstood(config snapshot.AuditConfig) snapshot.Gap {
	return snapshot.Gap{
		Reason: snapshot.ReasonMalformed, Detail: lang.Sprintf("not understood: %s", lang.Comma(config.Unread)),
		Remedy: lang.T("sudo augenrules --load shows whether auditctl takes these lines"),
	}
}
