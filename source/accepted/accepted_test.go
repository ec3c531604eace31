package accepted_test

import (
	"maps"
	"testing"

	"seawall/source/accepted"
)

// TestComment: a comment is a waiver, somebody else's or a mistake.
func TestComment(t *testing.T) {
	for text, want := range map[string]map[string]string{
		"# seawall: waive image-user-root until 2027-01-31: the base needs it":         {"rule": "image-user-root", "until": "2027-01-31", "reason": "the base needs it"},
		"#seawall: waive container-* until 2027-01-31 by Ann Lee: until v2: then gone": {"rule": "container-*", "until": "2027-01-31", "owner": "Ann Lee", "reason": "until v2: then gone"},
		"# hadolint ignore=DL3007":  nil,
		"# seawalls keep water out": nil,
	} {
		w, ours, err := accepted.Comment(text, "f:1")
		if err != nil || ours != (want != nil) || !maps.Equal(w.Fields, want) {
			t.Errorf("%s: got %v, %t, %v", text, w.Fields, ours, err)
		}
	}
	for _, text := range []string{"# seawall: ignore x", "# seawall: waive x: no date", "# seawall: waive x until 2027-01-31", "# seawall: waive x until 2027-01-31:"} {
		if _, ours, err := accepted.Comment(text, "f:1"); !ours || err == nil {
			t.Errorf("%s: got %t, %v", text, ours, err)
		}
	}
}

// TestLines: waivers of a file have their lines.
func TestLines(t *testing.T) {
	const file = "FROM a\n  # seawall: waive r until 2027-01-31: x\nRUN echo '# seawall: waive'\n"
	list, err := accepted.Lines("Dockerfile", []byte(file))
	if err != nil || len(list) != 1 || list[0].Where != "Dockerfile:2" {
		t.Errorf("got %v, %v", list, err)
	}
	if _, err := accepted.Lines("Dockerfile", []byte("# seawall: x")); err == nil {
		t.Error("a mistake is no error")
	}
}
