package rule_test

import (
	"testing"

	"seawall/rule"
	"seawall/snapshot"
)

// TestShort are the texts of elements that an edit writes.
func TestShort(t *testing.T) {
	option := rule.Options("volumes", "", "", "", func(o string) string {
		if o == "shared" {
			return "rslave"
		}
		if o == "exec" {
			return ""
		}
		return o
	})
	for _, c := range []struct {
		edit         rule.Edit
		before, want string
	}{
		{rule.OnLoopback(), "80", "127.0.0.1::80"},
		{rule.OnLoopback(), "8080:80/udp", "127.0.0.1:8080:80/udp"},
		{rule.OnLoopback(), "0.0.0.0:8080:80", "127.0.0.1:8080:80"},
		{rule.OnLoopback(), "[::]:8080:80", "127.0.0.1:8080:80"},
		{rule.OnLoopback(), "${IP:-0.0.0.0}:${PORT:-8080}:80", "127.0.0.1:${PORT:-8080}:80"},
		{rule.OnLoopback(), "${PORT:-8080:80}", "127.0.0.1::${PORT:-8080:80}"},
		{rule.OnLoopback(), "7000-7002:7000-7002", "127.0.0.1:7000-7002:7000-7002"},
		{option, "/a:/b:shared", "/a:/b:rslave"},
		{option, "/a:/b:ro,shared,z", "/a:/b:ro,rslave,z"},
		{option, "/tmp:exec", "/tmp"},
		{option, "/tmp:exec,size=1m", "/tmp:size=1m"},
		{option, "${DIR:-/a}:/b:shared", "${DIR:-/a}:/b:rslave"},
	} {
		if got, err := c.edit.Short(c.before); err != nil || got != c.want {
			t.Errorf("%s: %s, %v, want %s", c.before, got, err, c.want)
		}
	}
	if _, err := option.Short("/tmp"); err == nil {
		t.Error("options of an element without any were changed")
	}
}

// TestEditsOrWhyNot: a rule about containers has edits, or says why it has none.
func TestEditsOrWhyNot(t *testing.T) {
	r := rule.Rule{
		ID: "container-x", Title: "x", Severity: rule.Low, Why: "x", Refs: rule.Refs{NIST: "4.4.3"}, Bad: []rule.Example{{}}, Good: []rule.Example{{}},
		Fix:       rule.Fix{Text: "x", Breaks: "x"},
		Container: func(c *rule.Context, _ *snapshot.Container) rule.Answer { return c.Pass("x") },
	}
	both := rule.Edits{Do: []rule.Edit{rule.Set("a", "b")}, Not: "x"}
	for _, c := range []struct {
		edits rule.Edits
		where string
		valid bool
	}{
		{rule.Edits{}, "", false}, {both, "", false}, {rule.Edits{Do: both.Do}, "", true}, {rule.Edits{Not: "x"}, "", true}, {rule.Edits{}, "own.yaml:1", true},
	} {
		r.Fix.Edits, r.Where = c.edits, c.where
		if err := r.Validate(); (err == nil) != c.valid {
			t.Errorf("%+v: %v", c.edits, err)
		}
	}
}
