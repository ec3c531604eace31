package engineapi

import (
	"encoding/json"
	"strings"
	"testing"

	"seawall/snapshot"
)

// TestImageOrigin: an image is local if no registry has given it, as the list and its own
// document tell.
func TestImageOrigin(t *testing.T) {
	for list, want := range map[string]bool{
		`{"Id": "a", "RepoTags": ["app:latest"]}`:                                          true,
		`{"Id": "a", "RepoDigests": []}`:                                                   true,
		`{"Id": "a", "RepoDigests": ["<none>@<none>"]}`:                                    true,
		`{"Id": "a", "RepoDigests": ["nginx@sha256:0"]}`:                                   false,
		`{"Id": "a", "RepoDigests": ["app@sha256:0"]} {"Identity": {"Build": [{}]}}`:       true,
		`{"Id": "a", "RepoDigests": ["app@sha256:0"]} {"Identity": {"Pull": [{}]}}`:        false,
		`{"Id": "a"} {"Identity": {"Build": [{}], "Pull": [{"Repository": "docker.io"}]}}`: false,
		`{"Id": "a", "RepoDigests": ["app@sha256:0"]} {"Identity": {"Signature": [{}]}}`:   false,
	} {
		d := json.NewDecoder(strings.NewReader(list))
		var summary imageSummary
		var own imageAnswer
		if err := d.Decode(&summary); err != nil {
			t.Fatal(err)
		}
		if d.More() {
			if err := d.Decode(&own); err != nil {
				t.Fatal(err)
			}
		}
		summary.identity = own.Identity
		containers := snapshot.See([]snapshot.Container{{ImageID: snapshot.See("a", snapshot.Origin{})}, {ImageID: snapshot.See("gone", snapshot.Origin{})}}, snapshot.Origin{})
		addImageOrigin(containers, []imageSummary{summary}, unlistedImage)
		got, _ := containers.Peek()
		if is, known := got[0].ImageLocal.Peek(); !known || is != want {
			t.Errorf("%s: %v, %v", list, is, known)
		}
		if got[1].ImageLocal.State() != snapshot.Unreadable {
			t.Errorf("of an image that is not listed: %v", got[1].ImageLocal)
		}
	}
}
