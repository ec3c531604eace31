package rule_test

import (
	"testing"

	"seawall/rule"
	"seawall/rules/volume"
)

// TestMustBook: a rule that stands twice is a mistake of the program.
func TestMustBook(t *testing.T) {
	rules := volume.Rules()
	if got := len(rule.MustBook(rules...).Rules()); got != len(rules) {
		t.Errorf("%d rules, want %d", got, len(rules))
	}
	defer func() {
		if recover() == nil {
			t.Error("a rule that stands twice makes a book")
		}
	}()
	rule.MustBook(append(rules, rules[0])...)
}
