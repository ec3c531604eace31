package snapshot

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSecretLines(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"nothing", "listen 80;\nname: web\n", nil},
		{"a setting", "user=app\ndb_password=hunter2\n", []string{"line 2: db_password"}},
		{"YAML and JSON", "password: hunter2\n\"token\": \"abc\",\n", []string{"line 1: password", "line 2: token"}},
		{"a list of variables", "- DB_PASSWORD=hunter2\nexport API_TOKEN='x'\n", []string{"line 1: DB_PASSWORD", "line 2: API_TOKEN"}},
		{"kept elsewhere", "password: ${DB_PASSWORD}\ntoken: {{ secret }}\npassword_file: /run/secrets/p\nsecret: /run/secrets/s\npassword: <changeme>\npassword: \"\"\n", nil},
		{"comments", "# password: hunter2\n; password=hunter2\n", nil},
		{"a switch", "require_password: true\n", nil},
		{"a key", "x\n-----BEGIN RSA PRIVATE KEY-----\n", []string{"line 2"}},
		{"a password in a URL", "dsn = postgres://app:hunter2@db/app\n", []string{"line 1: dsn"}},
		{"binary", "password=hunter2\x00", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, SecretLines([]byte(tt.text))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if got := SecretLines([]byte(strings.Repeat("password=x\n", 100))); len(got) != maxSecretLines {
		t.Errorf("%d lines", len(got))
	}
}

// FuzzSecretLines: whatever the file, no value of it comes out.
func FuzzSecretLines(f *testing.F) {
	f.Add("password: ", "\n")
	f.Add("-----BEGIN RSA PRIVATE KEY----- ", "")
	f.Add("url=postgres://a:", "@b")
	const planted = "planted-secret value 0123456789"
	f.Fuzz(func(t *testing.T, before, after string) {
		for _, line := range SecretLines([]byte(before + planted + after)) {
			if strings.Contains(line, planted) {
				t.Errorf("the value is in %q", line)
			}
		}
	})
}
