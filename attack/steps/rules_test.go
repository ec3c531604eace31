package steps_test

import (
	"testing"

	"seawall/attack/steps"
	"seawall/rules"
)

// TestRulesThatExist: the rules that steps name exist.
func TestRulesThatExist(t *testing.T) {
	exist := map[string]bool{}
	for _, r := range rules.Book().Rules() {
		exist[r.ID] = true
	}
	for _, s := range steps.All().Steps() {
		for _, id := range s.Rules {
			if !exist[id] {
				t.Errorf("%s names the rule %s", s.ID, id)
			}
		}
	}
}
