package host_test

import (
	"testing"

	"seawall/rule"
	"seawall/rules/host"
	"seawall/snapshot"
	"seawall/trial"
)

// TestSysctlSettledByAnother judges settings whose effect hangs on another.
func TestSysctlSettledByAnother(t *testing.T) {
	const (
		pointers   = "host-sysctl-kernel-pointers"
		unconfined = "host-sysctl-apparmor-unconfined"
		kptr       = "kernel.kptr_restrict"
		perf       = "kernel.perf_event_paranoid"
		limit      = "kernel.apparmor_restrict_unprivileged_userns"
		guard      = "kernel.apparmor_restrict_unprivileged_unconfined"
	)
	seen := func(name, value string) snapshot.Fact[string] {
		return snapshot.See(value, snapshot.At(name, "/proc/sys"))
	}
	denied := snapshot.Lost[string](snapshot.Gap{Reason: snapshot.ReasonPermission, Remedy: "run as root"}, snapshot.At("x", "/proc/sys"))
	absent := snapshot.None[string](snapshot.At("x", "/proc/sys"))
	tests := []struct {
		name, rule string
		sysctls    map[string]snapshot.Fact[string]
		want       rule.Verdict
	}{
		{"Debian 13: perf hides the addresses", pointers, map[string]snapshot.Fact[string]{kptr: seen(kptr, "0"), perf: seen(perf, "3")}, rule.Passed},
		{"kernel.org's default", pointers, map[string]snapshot.Fact[string]{kptr: seen(kptr, "0"), perf: seen(perf, "2")}, rule.Passed},
		{"neither hides them", pointers, map[string]snapshot.Fact[string]{kptr: seen(kptr, "0"), perf: seen(perf, "1")}, rule.Failed},
		{"no performance events in the kernel", pointers, map[string]snapshot.Fact[string]{kptr: seen(kptr, "0"), perf: absent}, rule.Failed},
		{"hidden by its own switch", pointers, map[string]snapshot.Fact[string]{kptr: seen(kptr, "1"), perf: seen(perf, "-1")}, rule.Passed},
		{"one unreadable, the other hides them", pointers, map[string]snapshot.Fact[string]{kptr: denied, perf: seen(perf, "3")}, rule.Passed},
		{"both unreadable", pointers, map[string]snapshot.Fact[string]{kptr: denied, perf: denied}, rule.Unknown},
		{"Debian 13: no limit to guard", unconfined, map[string]snapshot.Fact[string]{limit: absent, guard: seen(guard, "0")}, rule.NotApplicable},
		{"the same without root", unconfined, map[string]snapshot.Fact[string]{limit: absent, guard: denied}, rule.NotApplicable},
		{"Ubuntu, the limit off", unconfined, map[string]snapshot.Fact[string]{limit: seen(limit, "0"), guard: seen(guard, "0")}, rule.NotApplicable},
		{"Ubuntu, the limit on, unguarded", unconfined, map[string]snapshot.Fact[string]{limit: seen(limit, "1"), guard: seen(guard, "0")}, rule.Failed},
		{"the limit unreadable", unconfined, map[string]snapshot.Fact[string]{limit: denied, guard: seen(guard, "0")}, rule.Failed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := trial.Baseline()
			for name, f := range tt.sysctls {
				s.Host.Sysctls[name] = f
			}
			for _, r := range rule.Evaluate(s, host.Rules()) {
				if r.Rule == tt.rule && r.Verdict != tt.want {
					t.Errorf("%s (%s), want %s", r.Verdict, r.Message, tt.want)
				}
			}
		})
	}
}
