package auditlog

import (
	"slices"
	"strings"

	"seawall/snapshot"
)

// AsksLabels reports whether rules ask for the labels of SELinux.
func AsksLabels(a snapshot.Audit) bool { return slices.ContainsFunc(a.Rules, asksLabel) }

// WithoutLabels leaves out the rules that ask for labels of SELinux: they fit
// nothing where there is none. Of the same fields AppArmor knows one, the role
// of the subject (security/apparmor/audit.c, aa_audit_rule_known).
func WithoutLabels(a snapshot.Audit) snapshot.Audit {
	a.Rules = slices.DeleteFunc(slices.Clone(a.Rules), asksLabel)
	return a
}

func asksLabel(r snapshot.AuditRule) bool {
	return slices.ContainsFunc(r.Conditions, func(c string) bool {
		return (strings.HasPrefix(c, "subj_") || strings.HasPrefix(c, "obj_")) &&
			!strings.HasPrefix(c, "subj_role") && !strings.HasPrefix(c, "obj_uid") && !strings.HasPrefix(c, "obj_gid")
	})
}
