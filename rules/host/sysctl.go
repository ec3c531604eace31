package host

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// sysctlCheck is a rule about one kernel setting.
type sysctlCheck struct {
	id, name string // rule id and dotted name
	title    string
	severity rule.Severity
	ok       func(value string) bool
	want     string // the value to set
	bad      string // an example of a value that fails
	// enough says why a value is good enough that guards less than the one to set;
	// "" where none is.
	enough string
	why    string
	breaks string
	refs   rule.Refs
	// settled answers where another setting decides, and says whether it does;
	// it is asked about values that are not ok. Nil: none does.
	settled func(*rule.Context, *snapshot.Host) (rule.Answer, bool)
	// badWith is another setting, "name=value", that the bad example needs.
	badWith string
}

// sysctlRules makes a rule of every row of the table.
func sysctlRules() []*rule.Rule {
	rules := make([]*rule.Rule, 0, len(sysctlTable))
	for _, row := range sysctlTable {
		rules = append(rules, row.rule())
	}
	return rules
}

func (s sysctlCheck) rule() *rule.Rule {
	refs := s.refs
	refs.NIST, refs.Guide = "4.5.2 4.5.3", "G20 G23"
	bad := rule.Example{Show: "sysctl -w " + s.name + "=" + s.bad, Facts: example.Sysctl(s.name, s.bad)}
	if name, value, ok := strings.Cut(s.badWith, "="); ok {
		bad.Show += " " + s.badWith
		bad.Facts = func(snap *snapshot.Snapshot) {
			example.Sysctl(s.name, s.bad)(snap)
			example.Sysctl(name, value)(snap)
		}
	}
	return &rule.Rule{
		ID: s.id, Title: s.title, Severity: s.severity, Why: s.why,
		Fix: rule.Fix{
			Text:   strings.TrimSpace("Set " + s.name + " to " + s.want + ", now and for the next boot. " + s.enough),
			Shell:  fmt.Sprintf("echo '%s = %s' | sudo tee /etc/sysctl.d/60-%s.conf\nsudo sysctl -w %s=%s", s.name, s.want, s.id, s.name, s.want),
			Breaks: s.breaks,
		},
		Refs: refs,
		Bad:  []rule.Example{bad},
		Good: []rule.Example{{Show: "sysctl -w " + s.name + "=" + s.want, Facts: example.Sysctl(s.name, s.want)}},
		Host: s.check,
	}
}

func (s sysctlCheck) check(c *rule.Context, h *snapshot.Host) rule.Answer {
	fact := h.Sysctls[s.name] // a missing key is a fact that nobody collected
	if value, _ := fact.Peek(); s.settled != nil && !s.ok(strings.TrimSpace(value)) {
		if a, settled := s.settled(c, h); settled {
			return a
		}
	}
	value := strings.TrimSpace(fact.Read(c))
	if fact.State() == snapshot.Absent {
		return c.NotApplicable("this kernel has no %s", s.name)
	}
	if s.ok(value) {
		return c.Pass("%s is %s", s.name, value)
	}
	return c.Fail("%s is %s", s.name, value)
}

// oneOf accepts some values.
func oneOf(values ...string) func(string) bool {
	return func(value string) bool { return slices.Contains(values, value) }
}

// atLeast accepts numbers from n on, which is more than 0; what is no number is
// not accepted.
func atLeast(n int) func(string) bool {
	return func(value string) bool {
		v, _ := strconv.Atoi(value)
		return v >= n
	}
}

// not accepts every value but one.
func not(bad string) func(string) bool {
	return func(value string) bool { return value != bad }
}

// withoutUsernsLimit answers the rule about stepping around the limit of user
// namespaces where there is no limit: only Ubuntu's kernels have the setting,
// while those of kernel.org since 6.7 have the one that guards it, off.
func withoutUsernsLimit(c *rule.Context, h *snapshot.Host) (rule.Answer, bool) {
	limit := h.Sysctls["kernel.apparmor_restrict_unprivileged_userns"]
	value, ok := limit.Try(c)
	if ok && strings.TrimSpace(value) != "1" {
		return c.NotApplicable("AppArmor does not limit user namespaces here, so there is nothing to step around"), true
	}
	return rule.Answer{}, false
}

// hiddenFromPerf answers the rule about kernel addresses where ordinary users
// may not profile the kernel: with kptr_restrict 0 the addresses then need
// CAP_SYSLOG all the same (kallsyms_show_value in the kernel's ksyms_common.c),
// and what is printed with %pK is hashed.
func hiddenFromPerf(c *rule.Context, h *snapshot.Host) (rule.Answer, bool) {
	paranoid, _ := h.Sysctls["kernel.perf_event_paranoid"].Try(c)
	if value := strings.TrimSpace(paranoid); atLeast(2)(value) {
		return c.Pass("kernel.perf_event_paranoid is %s, which hides the kernel's addresses too", value), true
	}
	return rule.Answer{}, false
}
