package main

import (
	"strings"
	"testing"

	"seawall/attack/steps"
	"seawall/rules"
)

// TestCoverageExists: every step and rule that the table names exists, and every
// row says where it is told or why it is not.
func TestCoverageExists(t *testing.T) {
	var stepIDs, ruleIDs []string
	for _, s := range steps.All().Steps() {
		stepIDs = append(stepIDs, s.ID)
	}
	for _, r := range rules.Book().Rules() {
		ruleIDs = append(ruleIDs, r.ID)
	}
	for _, row := range coverage {
		for _, id := range row.steps {
			if !exists(stepIDs, id) {
				t.Errorf("%s: no step %s", row.what, id)
			}
		}
		for _, id := range row.rules {
			if !exists(ruleIDs, id) {
				t.Errorf("%s: no rule %s", row.what, id)
			}
		}
		if len(row.steps) == 0 && len(row.rules) == 0 && row.note == "" {
			t.Errorf("%s: neither told nor explained", row.what)
		}
		if strings.Trim(row.tools, "CDAKB") != "" || row.tools == "" {
			t.Errorf("%s: tools %q", row.what, row.tools)
		}
	}
}

// TestNotSteps: every rule that is named for what is no step exists, and each has its
// reason.
func TestNotSteps(t *testing.T) {
	var ids []string
	for _, r := range rules.Book().Rules() {
		ids = append(ids, r.ID)
	}
	for _, row := range notSteps {
		for _, id := range row.rules {
			if !exists(ids, id) {
				t.Errorf("%s: no rule %s", row.what, id)
			}
		}
		if row.note == "" {
			t.Errorf("%s: no reason", row.what)
		}
	}
}

// exists reports whether an id is in a list, or the beginning of one that ends in *.
func exists(list []string, id string) bool {
	prefix, all := strings.CutSuffix(id, "*")
	for _, have := range list {
		if have == id || all && strings.HasPrefix(have, prefix) {
			return true
		}
	}
	return false
}
