package snapshot_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/snapshot"
)

func TestRedactLabels(t *testing.T) {
	const hidden = snapshot.Redacted
	tests := []struct{ name, value, want string }{
		{"owner", "team-web", "team-web"},
		{"com.example.token.enabled", "true", "true"},
		{"com.docker.compose.config-hash", strings.Repeat("0a", 32), strings.Repeat("0a", 32)},
		{"traefik.http.routers.web.rule", "Host(`a.example`) && Path(`/x`)", "Host(`a.example`) && Path(`/x`)"},
		{"long", strings.Repeat("x", 1025), snapshot.Cut},

		{"token", "abc", hidden},
		{"deploy.db-password", "hunter2", hidden},
		{"com.example.password.db", "hunter2", hidden},
		{"cron", "backup --password hunter2 all", hidden},
		{"hook", "curl -u admin:hunter2 localhost", hidden},
		{"config", `{"user": "a", "password": "hunter2"}`, hidden},
		{"url", "https://u:hunter2@example.org/", hidden},
		{"users", "admin:$apr1$x$y", hidden},
		{"note", "ghp_abcdefghijklmnopqrstuvwxyz0123456789", hidden},
	}
	for _, tt := range tests {
		got := snapshot.RedactLabels(map[string]string{tt.name: tt.value})
		if diff := cmp.Diff(map[string]string{tt.name: tt.want}, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
	if got := snapshot.RedactLabels(map[string]string{}); got != nil {
		t.Errorf("no labels: %v, want nil", got)
	}
}

func TestWithheld(t *testing.T) {
	for value, want := range map[string]bool{"": false, "<cut> here": false, snapshot.Cut: true, "a=" + snapshot.Redacted: true} {
		if got := snapshot.Withheld(value); (got != "") != want {
			t.Errorf("%q: %q", value, got)
		}
	}
}
