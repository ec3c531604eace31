package image

import (
	"slices"
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

// TestUnusedImage: rules about what runs do not judge an image that no container
// uses, and where the containers could not be listed none says so.
func TestUnusedImage(t *testing.T) {
	ofAll := []string{"image-no-healthcheck", "image-secret-in-environment"}
	for _, tt := range []struct {
		hidden bool
		want   rule.Verdict
	}{{false, rule.NotApplicable}, {true, rule.Unknown}} {
		s, err := trial.Load(rule.Example{Run: "docker run alpine"})
		if err != nil {
			t.Fatal(err)
		}
		e := &s.Engines[0]
		images, _ := e.Images.Peek()
		images[0].UsedBy = nil
		images[0].ImageContents = snapshot.LostContents(snapshot.Gap{Reason: snapshot.ReasonNotCollected}, "a test")
		if tt.hidden {
			e.Containers.Blind(snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "a test"})
		}
		for _, result := range rule.Evaluate(s, Rules()) {
			if !slices.Contains(ofAll, result.Rule) && result.Verdict != tt.want {
				t.Errorf("containers hidden: %t: %s is %s (%s), want %s", tt.hidden, result.Rule, result.Verdict, result.Message, tt.want)
			}
		}
	}
}

// TestMarks: the rules that judge files of images are marked as deep, since an
// audit that does not read them leaves those rules out, and those that only a
// Dockerfile answers as such; and what the benchmark alone asks for is marked as
// exact.
func TestMarks(t *testing.T) {
	s, err := trial.Load(rule.Example{Run: "docker run alpine"})
	if err != nil {
		t.Fatal(err)
	}
	images, _ := s.Engines[0].Images.Peek()
	images[0].ImageContents = snapshot.LostContents(denied, "a test")
	images[0].Bases = snapshot.Lost[[]snapshot.BaseImage](snapshot.NoDockerfile, snapshot.At("FROM", "a test"))
	for _, r := range Rules() {
		unknown := rule.Evaluate(s, []*rule.Rule{r})[0].Verdict == rule.Unknown
		if (r.Deep || r.Dockerfile) != unknown {
			t.Errorf("%s is marked as deep: %t, as of Dockerfiles: %t; without either it is unknown: %t", r.ID, r.Deep, r.Dockerfile, unknown)
		}
		if r.Exact != (r.ID == "image-no-healthcheck") {
			t.Errorf("%s is marked as exact: %t", r.ID, r.Exact)
		}
	}
}
