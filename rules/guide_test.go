package rules_test

import (
	"fmt"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"seawall/rules"
)

// ruleName finds what looks like a rule id, or a pattern of ids, in code marks.
var ruleName = regexp.MustCompile("`([a-z][a-z0-9]*(?:-[a-z0-9*]+)+)`")

// TestGuide: docs/guide.md answers every question and names only rules that
// exist.
func TestGuide(t *testing.T) {
	text, err := os.ReadFile("../docs/guide.md")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 25 {
		if row := fmt.Sprintf("\n| G%d |", i+1); !strings.Contains(string(text), row) {
			t.Errorf("no row for G%d", i+1)
		}
	}
	for _, m := range ruleName.FindAllStringSubmatch(string(text), -1) {
		if !matchesRule(m[1]) {
			t.Errorf("%s names no rule", m[1])
		}
	}
}

func matchesRule(pattern string) bool {
	for _, r := range rules.Book().Rules() {
		if ok, _ := path.Match(pattern, r.ID); ok {
			return true
		}
	}
	return false
}
