package near_test

import (
	"testing"

	"seawall/near"
)

func TestMatch(t *testing.T) {
	names := []string{"build", "default", "prod", "prod-eu"}
	for name, want := range map[string]string{
		"prdo": "prod", "biuld": "build", "defualt": "default", "prod": "prod", "prod-us": "prod-eu",
		"something-else": "", "eu": "", "": "",
	} {
		if got := near.Match(name, names); got != want {
			t.Errorf("%q is near %q, want %q", name, got, want)
		}
	}
	if got := near.Match("x", nil); got != "" {
		t.Errorf("of no names %q is near", got)
	}
}
