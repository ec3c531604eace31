package image

import (
	"testing"

	"seawall/rule"
	"seawall/rule/ruletest"
	"seawall/snapshot"
	"seawall/trial"
)

func TestRules(t *testing.T) { ruletest.Test(t, Rules()) }

// TestCutHistory: an image whose history was not read to its end has what was
// seen, and is not cleared of the rest.
func TestCutHistory(t *testing.T) {
	cut := snapshot.BuildRemark{Step: 600, Kind: snapshot.BuildCut}
	for _, tt := range []struct {
		build []snapshot.BuildRemark
		want  rule.Verdict
	}{
		{nil, rule.Passed},
		{[]snapshot.BuildRemark{cut}, rule.Unknown},
		{[]snapshot.BuildRemark{{Step: 1, Instruction: "RUN", Kind: snapshot.BuildSecret, What: "A_TOKEN"}, cut}, rule.Failed},
	} {
		s := trial.Baseline()
		at := snapshot.At("history", "GET /images/x/history")
		s.Engines[0].Images = snapshot.See([]snapshot.Image{{ID: "x", Tags: []string{"x:1"}, UsedBy: []string{"web"},
			Env: snapshot.See([]snapshot.EnvVar(nil), at), Build: snapshot.See(tt.build, at)}}, at)
		var secret []*rule.Rule
		for _, r := range Rules() {
			if r.ID == "image-secret-in-history" {
				secret = append(secret, r)
			}
		}
		results := rule.Evaluate(s, secret)
		if len(results) != 1 || results[0].Verdict != tt.want {
			t.Errorf("%v: %+v, want %s", tt.build, results, tt.want)
		}
	}
}
