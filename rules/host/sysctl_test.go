package host_test

import (
	"strings"
	"testing"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/host"
	"seawall/snapshot"
	"seawall/trial"
)

// TestGoodEnough: a value that guards less than the one that a rule tells to set is no
// finding only where the rule says why.
func TestGoodEnough(t *testing.T) {
	enough := map[string]string{
		"net.core.bpf_jit_harden": "1", "fs.protected_fifos": "1", "fs.protected_regular": "1", "fs.suid_dumpable": "2", "vm.mmap_min_addr": "32768",
	}
	for _, r := range host.Rules() {
		set, _, ok := strings.Cut(strings.TrimPrefix(r.Fix.Text, "Set "), " to ")
		if !strings.HasPrefix(r.ID, "host-sysctl-") || !ok {
			continue
		}
		value := enough[set]
		if says := strings.Contains(r.Fix.Text, ". "+value+" is not a finding: "); value != "" && !says || value == "" && strings.Contains(r.Fix.Text, "is not a finding") {
			t.Errorf("%s, of which %q is good enough, says: %s", r.ID, value, r.Fix.Text)
		}
		if value == "" {
			continue
		}
		if got := judged(t, r.ID, example.Sysctl(set, value)); got.Verdict != rule.Passed {
			t.Errorf("%s with %s: %s (%s)", r.ID, value, got.Verdict, got.Message)
		}
		delete(enough, set)
	}
	for name := range enough {
		t.Errorf("no rule is about %s", name)
	}
}

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
