package host_test

import (
	"slices"
	"testing"

	"seawall/rule"
	"seawall/rules/host"
	"seawall/snapshot"
	"seawall/trial"
)

// TestAuditLog judges states of the audit log that the examples do not show.
func TestAuditLog(t *testing.T) {
	const off, notLoaded, notPersistent = "audit-disabled", "audit-rules-not-loaded", "audit-rules-not-persistent"
	type state struct {
		audit  *snapshot.Audit
		config *snapshot.AuditConfig
		s      *snapshot.Snapshot
	}
	absent := func(s *state) { s.s.Host.Audit = snapshot.None[snapshot.Audit](snapshot.At("x", "y")) }
	lost := func(s *state) {
		s.s.Host.AuditConfig.Blind(snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "a test"})
	}
	hidden := func(s *state) {
		s.s.Host.Audit.Blind(snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "a test"})
	}
	tests := []struct {
		name, rule string
		change     func(*state)
		want       rule.Verdict
	}{
		{"off, no rules anywhere", off, func(s *state) { *s.audit = snapshot.Audit{}; *s.config = snapshot.AuditConfig{} }, rule.NotApplicable},
		{"off, files not readable", off, func(s *state) { *s.audit = snapshot.Audit{}; lost(s) }, rule.Unknown},
		{"off with rules, files not readable", off, func(s *state) { s.audit.Enabled = 0; lost(s) }, rule.Failed},
		{"no audit log, rules in files", off, absent, rule.Failed},
		{"no audit log, no rules", off, func(s *state) { absent(s); *s.config = snapshot.AuditConfig{} }, rule.NotApplicable},

		{"kernel not asked, rules in files", off, hidden, rule.Unknown},

		{"no audit log", notLoaded, absent, rule.Failed},
		{"kernel not asked", notLoaded, hidden, rule.Unknown},
		{"kernel not asked, no files", notLoaded, func(s *state) { hidden(s); *s.config = snapshot.AuditConfig{} }, rule.NotApplicable},
		{"files not readable", notLoaded, lost, rule.Unknown},
		{"no files", notLoaded, func(s *state) { *s.config = snapshot.AuditConfig{} }, rule.NotApplicable},
		{"rules about no path", notLoaded, func(s *state) {
			s.config.Rules = []snapshot.AuditRule{{Filter: "exit", Action: "always", OtherSyscalls: true}, {Filter: "exit", Action: "never", Dir: "/x", Real: "/x"}, {Filter: "task", Action: "always", Real: "/y"}}
		}, rule.NotApplicable},
		{"lines not understood, none else", notLoaded, func(s *state) { *s.config = snapshot.AuditConfig{Unread: []string{"a:1"}} }, rule.Unknown},
		{"lines not understood, the others loaded", notLoaded, func(s *state) { s.config.Unread = []string{"a:1"} }, rule.Unknown},
		{"lines not understood, others not loaded", notLoaded, func(s *state) { s.config.Unread = []string{"a:1"}; s.audit.Rules = nil }, rule.Failed},
		{"loaded under another key", notLoaded, func(s *state) { s.audit.Rules[0].Key = "x" }, rule.Passed},

		{"no rule in the kernel", notPersistent, func(s *state) { s.audit.Rules = nil }, rule.NotApplicable},
		{"no audit log", notPersistent, absent, rule.NotApplicable},
		{"kernel not asked", notPersistent, hidden, rule.Unknown},
		{"files not readable", notPersistent, lost, rule.Unknown},
		{"lines not understood", notPersistent, func(s *state) { s.config.Rules = nil; s.config.Unread = []string{"a:1"} }, rule.Unknown},
		{"lines not understood, all found", notPersistent, func(s *state) { s.config.Unread = []string{"a:1"} }, rule.Passed},
		{"only what is not recorded", notPersistent, func(s *state) {
			s.config.Rules = nil
			s.audit.Rules[0].Action = "never"
			s.audit.Rules = s.audit.Rules[:1]
		}, rule.NotApplicable},
		{"of an engine elsewhere", notPersistent, func(s *state) { s.config.Rules = nil; s.s.Engines[0].Local = false }, rule.NotApplicable},
		{"of Podman", notPersistent, func(s *state) { s.config.Rules = nil; s.s.Engines[0].Kind = "podman" }, rule.NotApplicable},
	}
	for _, tt := range tests {
		t.Run(tt.rule+" "+tt.name, func(t *testing.T) {
			s := trial.Baseline()
			a, _ := s.Host.Audit.Peek()
			config, _ := s.Host.AuditConfig.Peek()
			a.Rules, config.Rules = slices.Clone(a.Rules), slices.Clone(config.Rules)
			st := &state{&a, &config, s}
			audit, files := s.Host.Audit, s.Host.AuditConfig
			tt.change(st)
			if s.Host.Audit.State() == audit.State() {
				s.Host.Audit = snapshot.See(a, audit.Origin())
			}
			if s.Host.AuditConfig.State() == files.State() {
				s.Host.AuditConfig = snapshot.See(config, files.Origin())
			}
			for _, r := range rule.Evaluate(s, host.Rules()) {
				if r.Rule == tt.rule && r.Verdict != tt.want {
					t.Errorf("%s (%s), want %s", r.Verdict, r.Message, tt.want)
				}
			}
		})
	}
}
