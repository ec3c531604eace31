package rules_test

import (
	"strings"
	"testing"

	"seawall/cis"
	"seawall/compliance"
	"seawall/lab/recorded"
	"seawall/rule"
	"seawall/rules"
)

// auditHosts are snapshots of a host with auditd in several states (see
// testdata/audit/README.md), with what an auditor would say: the recommendations
// about the audit log, then the rules that are not the benchmark's.
var auditHosts = map[string]string{
	"default": `
		EVERY: fail
		1.1.13: not-applicable
		engine-files-not-audited: fail
		audit-disabled: pass
		audit-rules-not-loaded audit-rules-not-persistent: not-applicable`,
	"cis": `
		EVERY: pass
		1.1.13: not-applicable
		engine-files-not-audited audit-disabled audit-rules-not-loaded audit-rules-not-persistent: pass`,
	"off": `
		EVERY: fail
		1.1.13: not-applicable
		engine-files-not-audited audit-disabled: fail
		audit-rules-not-loaded audit-rules-not-persistent: pass`,
	"unloaded": `
		EVERY: fail
		1.1.13: not-applicable
		engine-files-not-audited audit-rules-not-loaded: fail
		audit-disabled: pass
		audit-rules-not-persistent: not-applicable`,
	// The rule about /var/lib comes first; one that leaves dockerd out stands before all others.
	"mixed": `
		1.1.5: pass
		1.1.3 1.1.4 1.1.6 1.1.7 1.1.8 1.1.9 1.1.10 1.1.11 1.1.12 1.1.14 1.1.15 1.1.16 1.1.17 1.1.18: fail
		1.1.13: not-applicable
		engine-files-not-audited audit-rules-not-persistent: fail
		audit-disabled: pass
		audit-rules-not-loaded: not-applicable`,
	"task": `
		EVERY: fail
		1.1.13: not-applicable
		engine-files-not-audited audit-rules-not-persistent: fail
		audit-disabled: pass
		audit-rules-not-loaded: not-applicable`,
	"alice": `
		EVERY 1.1.13: unknown
		engine-files-not-audited audit-disabled audit-rules-not-loaded audit-rules-not-persistent: unknown`,
	"container": `
		EVERY: unknown
		1.1.13: not-applicable
		engine-files-not-audited audit-disabled audit-rules-not-loaded audit-rules-not-persistent: unknown`,
	"container-control": `
		EVERY: pass
		1.1.13: not-applicable
		engine-files-not-audited audit-disabled audit-rules-not-loaded audit-rules-not-persistent: pass`,
}

// everyPath are the recommendations about paths that the recorded hosts have.
const everyPath = "1.1.3 1.1.4 1.1.5 1.1.6 1.1.7 1.1.8 1.1.9 1.1.10 1.1.11 1.1.12 1.1.14 1.1.15 1.1.16 1.1.17 1.1.18"

// TestAuditHosts judges the recorded hosts.
func TestAuditHosts(t *testing.T) {
	for name, wanted := range auditHosts {
		t.Run(name, func(t *testing.T) {
			s := recorded.Snapshot(t, "testdata/audit/"+name+".json.gz")
			book := rules.Book().Rules()
			results := rule.Evaluate(s, book)
			got, why := map[string]string{}, map[string]string{}
			for _, r := range results {
				got[r.Rule] = string(r.Verdict)
				why[r.Rule] = r.Message
			}
			table := compliance.Set(cis.Selection{Release: cis.V18, Level: 2}, compliance.Audit{Snapshot: s, Book: book, Asked: book, Results: results})
			for _, e := range table.Recommendations {
				got[e.Number] = string(e.State)
				why[e.Number] = e.Reason + behind(e)
			}
			seen := 0
			for line := range strings.Lines(strings.TrimSpace(wanted)) {
				names, state, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(line), "EVERY", everyPath), ": ")
				for name := range strings.FieldsSeq(names) {
					seen++
					if got[name] != state {
						t.Errorf("%s is %q, want %s: %s", name, got[name], state, why[name])
					}
				}
			}
			if seen != 20 {
				t.Errorf("%d verdicts are wanted, not those of 16 recommendations and four rules", seen)
			}
		})
	}
}
