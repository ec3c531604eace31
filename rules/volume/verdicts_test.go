package volume

import (
	"testing"

	"seawall/rule"
	"seawall/trial"
)

// TestVolumes: what volumes bind, and who writes to them. The programs of the
// host are harmless to read, and not to write.
func TestVolumes(t *testing.T) {
	const two = "docker run --label com.docker.compose.project=shop -v data:/data -v /srv/x:/x alpine\n" +
		"docker run --label com.docker.compose.project=wiki -v /srv/x:/x -v "
	for _, tt := range []struct {
		name string
		rule *rule.Rule
		ex   rule.Example
		want rule.Verdict
		says string
	}{
		{"read-only", bindsHostPath(), volume("/usr/bin", "bind,ro"), rule.Passed, "it binds /usr/bin, which is not sensitive"},
		{"read-only, the other way round", bindsHostPath(), volume("/usr/bin", "ro,bind"), rule.Passed, ""},
		{"writable", bindsHostPath(), volume("/usr/bin", "bind"), rule.Failed, ""},
		{"writable, said so", bindsHostPath(), volume("/usr/bin", "bind,rw"), rule.Failed, ""},
		{"an ordinary one", bindsHostPath(), rule.Example{Run: "docker run -v data:/data alpine"}, rule.Passed, "it is no bind mount"},
		{"one volume of two projects", joinsProjects(), rule.Example{Run: two + "data:/data alpine"}, rule.Failed, ""},
		{"a volume each, and a directory of both", joinsProjects(), rule.Example{Run: two + "other:/data alpine"}, rule.Passed, ""},
	} {
		s, err := trial.Load(tt.ex)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, r := range rule.Evaluate(s, []*rule.Rule{tt.rule}) {
			if r.Subject.Name == "data" {
				found = true
				if r.Verdict != tt.want || tt.says != "" && r.Message != tt.says {
					t.Errorf("%s: %s (%s), want %s (%s)", tt.name, r.Verdict, r.Message, tt.want, tt.says)
				}
			}
		}
		if !found {
			t.Errorf("%s: no result about the volume", tt.name)
		}
	}
}
