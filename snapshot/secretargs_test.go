package snapshot_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/snapshot"
)

func TestSecretArgs(t *testing.T) {
	tests := []struct {
		args []string
		want []string
	}{
		{[]string{"app", "--password=hunter2"}, []string{"--password"}},
		{[]string{"app", "--password", "hunter2", "-v"}, []string{"--password"}},
		{[]string{"redis-server", "--requirepass", "hunter2"}, []string{"--requirepass"}},
		{[]string{"sh", "-c", "export DB_PASSWORD=hunter2; run"}, []string{"DB_PASSWORD"}},
		{[]string{"sh", "-c", "run --api-key 'hunter2'"}, []string{"--api-key"}},
		{[]string{"app", "postgres://app:hunter2@db/app"}, []string{"argument"}},
		{[]string{"curl -fsu admin:hunter2 http://localhost/"}, nil}, // joined flags are not read
		{[]string{"curl", "-f", "-u", "admin:hunter2", "http://localhost/"}, []string{"-u"}},
		{[]string{"curl -H 'Authorization: Bearer abcdefgh1' localhost"}, []string{"Authorization"}},

		{[]string{"app", "--password-file=/run/secrets/db", "--password-file", "pw.txt"}, nil},
		{[]string{"app", "--tls-private-key=/etc/app/tls.key", "--token-ttl", "5m"}, nil},
		{[]string{"sh", "-c", "redis-cli -a $REDIS_PASSWORD ping; run --password=$PW --token \"$(cat /t)\""}, nil},
		{[]string{"curl", "-u", "$USER:$PASS", "-H", "Authorization: Bearer $TOKEN", "localhost"}, nil},
		{[]string{"app", "--no-password=true", "--password=", "--user", "1000:1000"}, nil},
		{[]string{"nginx", "-g", "daemon off;"}, nil},
		{nil, nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, snapshot.SecretArgs(tt.args)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.args, diff)
		}
	}
}

func TestSecretLabels(t *testing.T) {
	got := snapshot.SecretLabels(map[string]string{
		"homepage.widget.password":                   "hunter2",
		"traefik.http.middlewares.a.basicauth.users": "admin:$$apr1$$x$$y",
		"deploy":                                         "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
		"com.docker.compose.project":                     "shop",
		"com.example.token.lifetime":                     "5",
		"homepage.widget.key.password":                   "{{HOMEPAGE_FILE_PW}}",
		"org.opencontainers.image.source":                "https://example.org/x",
		"traefik.http.middlewares.a.basicauth.realm":     "x",
		"traefik.http.middlewares.a.basicauth.usersFile": "/users",
	})
	want := []string{"deploy", "homepage.widget.password", "traefik.http.middlewares.a.basicauth.users"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// FuzzSecretArgs: whatever the words, only names are given, and few.
func FuzzSecretArgs(f *testing.F) {
	f.Add("sh -c 'export A=b; run --token x' -u a:b --password")
	f.Fuzz(func(t *testing.T, line string) {
		for _, args := range [][]string{{line}, strings.Fields(line)} {
			names := snapshot.SecretArgs(args)
			if len(names) > 32 {
				t.Errorf("%d names", len(names))
			}
			for _, n := range names {
				if strings.Contains(n, "hunter2") && !strings.Contains(line, n) {
					t.Errorf("name %q is not of the line", n)
				}
			}
		}
		snapshot.SecretLabels(map[string]string{line: line, "password": line})
		if kept := snapshot.RedactLabels(map[string]string{line: line, "password": "=" + line}); strings.Contains(kept["password"], "hunter2") {
			t.Errorf("kept %q", kept)
		}
	})
}
