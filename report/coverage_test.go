package report_test

import (
	"strings"
	"testing"

	"seawall/report"
	"seawall/rule"
	"seawall/snapshot"
	"seawall/trial"
)

// TestGapNamesItsCommonestReason: results with one remedy are one entry, which
// does not blame all of them on the reason of the first.
func TestGapNamesItsCommonestReason(t *testing.T) {
	unknown := func(id, detail string) rule.Result {
		return rule.Result{Rule: id, Verdict: rule.Unknown, Gaps: []rule.MissingFact{{Gap: snapshot.Gap{
			Reason: snapshot.ReasonPermission, Detail: detail, Remedy: "run as root"}}}}
	}
	results := []rule.Result{unknown("a", "open /etc/sudoers"), unknown("b", "open /proc/1/fd"), unknown("c", "open /proc/1/fd")}
	r := report.Build("test", "", trial.Baseline(), nil, results, nil)
	if len(r.Gaps) != 1 || r.Gaps[0].Results != 3 || r.Gaps[0].Detail != "open /proc/1/fd, and 1 other reason" {
		t.Errorf("gaps %+v", r.Gaps)
	}
	if got := strings.Join(r.Gaps[0].Rules, " "); got != "a b c" {
		t.Errorf("rules %s", got)
	}
}
