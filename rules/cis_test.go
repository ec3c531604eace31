package rules_test

import (
	"slices"
	"strings"
	"testing"

	"seawall/cis"
	"seawall/rule"
	"seawall/rules"
)

// TestEveryRecommendationIsDecided: by rules, or by a person who is told what
// to judge.
func TestEveryRecommendationIsDecided(t *testing.T) {
	for _, r := range cis.All() {
		deciding := decidedBy(r.Number)
		switch {
		case len(deciding) > 0 && r.Question != nil:
			t.Errorf("%s: a person judges it, but %v decides it: let the rule name it as related, or take the question off", r.Number, deciding)
		case len(deciding) == 0 && r.Question == nil:
			t.Errorf("%s (%s): nothing decides it", r.Number, r.Title)
		case r.Question != nil && (r.Question.Look == nil || !strings.HasSuffix(r.Question.Judge, "?")):
			t.Errorf("%s: no facts, or no question", r.Number)
		}
	}
}

func decidedBy(number string) []string {
	var ids []string
	for _, r := range rules.Book().Rules() {
		if r.Refs.Decides(number) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// TestRulesNameRecommendationsThatExist: none is made up, and none is both
// decided and only related.
func TestRulesNameRecommendationsThatExist(t *testing.T) {
	for _, r := range rules.Book().Rules() {
		for _, number := range strings.Fields(r.Refs.CIS + " " + r.Refs.CISRelated) {
			if _, ok := cis.Lookup(number); !ok {
				t.Errorf("%s names %s, which no release of the benchmark has", r.ID, number)
			}
		}
		for number := range strings.FieldsSeq(r.Refs.CISRelated) {
			if r.Refs.Decides(number) {
				t.Errorf("%s both decides %s and is related to it", r.ID, number)
			}
		}
	}
}

// TestExactRules: a rule that is exact to a benchmark decides something of it,
// is of low severity, and is not asked unless a benchmark is.
func TestExactRules(t *testing.T) {
	byDefault, err := rule.LookupProfile(rule.DefaultProfile)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules.Book().Rules() {
		if !r.Exact {
			continue
		}
		for _, word := range strings.FieldsFunc(r.Why, func(c rune) bool { return strings.ContainsRune(" ,.;:", c) }) {
			if strings.Count(word, "-") > 1 && !matchesRule(word) {
				t.Errorf("%s refers to %s, which is no rule", r.ID, word)
			}
		}
		if r.Refs.CIS == "" || r.Severity != rule.Low || byDefault.Selects(r) {
			t.Errorf("%s: decides %q, severity %s, by default %v", r.ID, r.Refs.CIS, r.Severity, byDefault.Selects(r))
		}
	}
}

// TestCISProfiles: a profile holds just the rules that decide a recommendation
// of its release and level.
func TestCISProfiles(t *testing.T) {
	for _, tt := range []struct{ profile, has, hasNot string }{
		{"cis-1.8", "engine-storage-driver-devicemapper engine-no-authorization-plugin container-privileged", "engine-binary-writable engine-unit-writable"},
		{"cis-1.8-l1", "engine-storage-driver-devicemapper container-privileged", "engine-no-authorization-plugin"},
		{"cis-1.7", "engine-storage-driver-aufs engine-no-authorization-plugin", "engine-storage-driver-devicemapper"},
		{"default", "engine-swarm-unused swarm-listens-on-all-addresses", "engine-storage-driver-aufs engine-images-pile-up engine-socket-too-open engine-tls-ca-too-open " +
			"engine-insecure-registry-listed engine-api-tcp-without-client-certificates engine-base-device-size-changed container-without-seccomp image-no-healthcheck"},
		{"cis-1.6-l1", "container-privileged", "engine-storage-driver-devicemapper engine-logs-local"},
	} {
		p, err := rule.LookupProfile(tt.profile)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, r := range rules.Book().Select(p) {
			ids = append(ids, r.ID)
		}
		for id := range strings.FieldsSeq(tt.has) {
			if !slices.Contains(ids, id) {
				t.Errorf("%s lacks %s", tt.profile, id)
			}
		}
		for id := range strings.FieldsSeq(tt.hasNot) {
			if slices.Contains(ids, id) {
				t.Errorf("%s has %s", tt.profile, id)
			}
		}
	}
}
