package auditlog

import (
	"slices"
	"strings"

	"seawall/snapshot"
)

// Has reports whether one of the rules does what r does for its path: the same
// path by whatever name, at least the same kinds of access, under the same
// conditions. Values of conditions are not compared, for files name users where
// the kernel has numbers, nor are keys and system calls.
func Has(rules []snapshot.AuditRule, r snapshot.AuditRule) bool {
	return slices.ContainsFunc(rules, func(have snapshot.AuditRule) bool {
		return have.Filter == r.Filter && have.Action == r.Action && where(have) == where(r) && allows(have.Perm, r.Perm) &&
			(have.Arch == r.Arch || have.Arch == "") && slices.Equal(names(have.Conditions), names(r.Conditions))
	})
}

// where is what a rule is about, as the kernel finds it.
func where(r snapshot.AuditRule) string {
	if r.Real != "" {
		return r.Real
	}
	return r.Target()
}

// allows reports whether the kinds of access include others; "" is all.
func allows(have, want string) bool {
	if have == "" || want == "" {
		return have == ""
	}
	return strings.Trim(want, have) == ""
}

// names are the fields of conditions with their operators. A condition that
// the kernel writes in two ways has one name.
func names(conditions []string) []string {
	out := make([]string, len(conditions))
	for i, c := range conditions {
		at := strings.LastIndexAny(c, "!<>=&")
		out[i] = c[:at+1]
	}
	slices.Sort(out)
	return out
}

// About reports whether a rule names a path or a directory above it.
func About(r snapshot.AuditRule, p snapshot.AuditPath) bool {
	return r.Filter == "exit" && (p.Real == where(r) || r.Dir != "" && where(r) != "/" && within(p.Real, where(r)))
}
