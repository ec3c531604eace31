package snapshot_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/snapshot"
)

func TestRedactEnv(t *testing.T) {
	tests := []struct {
		assignment string
		want       snapshot.EnvKind
	}{
		{"PATH=/usr/bin", snapshot.EnvPlain},
		{"POSTGRES_PASSWORD=hunter2", snapshot.EnvNamed},
		{"POSTGRES_PASSWORD=", snapshot.EnvEmpty},
		{"POSTGRES_PASSWORD", snapshot.EnvPassed},
		{"POSTGRES_PASSWORD_FILE=/run/secrets/pg", snapshot.EnvFile},
		{"MYSQL_ALLOW_EMPTY_PASSWORD=yes", snapshot.EnvPlain},
		{"MYSQL_RANDOM_ROOT_PASSWORD=1", snapshot.EnvPlain},
		{"PASSWORD_MIN_LENGTH=12", snapshot.EnvPlain},
		{"AWS_ACCESS_KEY_ID=something", snapshot.EnvPlain},
		{"AWS_SECRET_ACCESS_KEY=abcd", snapshot.EnvNamed},
		{"DATABASE_URL=postgres://app:s3cret@db/app", snapshot.EnvShaped},
		{"DATABASE_URL=postgres://db/app", snapshot.EnvPlain},
		{"X=ghp_0123456789abcdefghijklmnopqrstuvwxyz", snapshot.EnvShaped},
		{"TOKEN_URL=https://login.example.com", snapshot.EnvPlain},
		{"API_TOKEN=abc", snapshot.EnvNamed},
		{"GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D", snapshot.EnvPlain}, // python image: a fingerprint
		{"PUBLIC_KEY=ssh-ed25519", snapshot.EnvPlain},
		{"KEYBOARD=us", snapshot.EnvPlain},
		{"MONKEY=1", snapshot.EnvPlain},
		{"COMPASS=north", snapshot.EnvPlain},
		{"DJANGO_SECRET_KEY=x9", snapshot.EnvNamed},
		{"USE_TOKEN=true", snapshot.EnvPlain},
		{"MAIL_PASS_SCHEME=BLF-CRYPT", snapshot.EnvPlain},
		{"API_KEY_RATE_LIMIT=100", snapshot.EnvPlain},
		{"AUTH_TOKEN_TTL_MINUTES=15", snapshot.EnvPlain},
		{"REGISTRY_AUTH_TOKEN_REALM=example", snapshot.EnvPlain},
		{"TOKEN_STORAGE_PATH=/data", snapshot.EnvPlain},
		{"SECRETKEY_PATH=conf", snapshot.EnvPlain},
		{"KAFKA_SSL_KEY_CREDENTIALS=key_creds", snapshot.EnvPlain},
		{"BASIC_AUTH_CREDENTIALS_SOURCE=USER_INFO", snapshot.EnvPlain},
		{"CREDENTIALS_USERNAME=admin", snapshot.EnvPlain},
		{"NGINX_PROXY_PASS_URL=http://app", snapshot.EnvPlain},
		{"DB_PASSWORD_2=x9", snapshot.EnvNamed},
		{"ADMIN_PASSWORD_HASH=x9", snapshot.EnvNamed},
		{"SERVER_NAME_TOKEN=x9", snapshot.EnvNamed},
		{"TOKEN_PATH=https://a:x9@example.com", snapshot.EnvShaped},
	}
	for _, tt := range tests {
		if got := snapshot.RedactEnv(tt.assignment); got.Kind != tt.want {
			t.Errorf("%s: kind %q, want %q", tt.assignment, got.Kind, tt.want)
		}
	}
}

func TestRedactArgs(t *testing.T) {
	tests := []struct{ in, want []string }{
		{[]string{"redis-server", "--requirepass", "x1", "--port", "6379"}, []string{"redis-server", "--requirepass", snapshot.Redacted, "--port", "6379"}},
		{[]string{"app", "--password=x1", "-v"}, []string{"app", "--password=" + snapshot.Redacted, "-v"}},
		{[]string{"app", "--token", "x1"}, []string{"app", "--token", snapshot.Redacted}},
		{[]string{"sh", "-c", "export DB_PASSWORD=x1; exec app --api-key x2"}, []string{"sh", "-c", "export DB_PASSWORD=" + snapshot.Redacted + "; exec app --api-key " + snapshot.Redacted}},
		{[]string{"curl", "https://u:x1@example.com/"}, []string{"curl", "https://u:" + snapshot.Redacted + "@example.com/"}},
		{[]string{"adduser", "--disabled-password", "app"}, []string{"adduser", "--disabled-password", "app"}},
		{[]string{"app", "--tls-verify", "--log-level", "info"}, []string{"app", "--tls-verify", "--log-level", "info"}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, snapshot.RedactArgs(tt.in)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.in, diff)
		}
	}
}

func FuzzRedactArgs(f *testing.F) {
	f.Add("--password=%s", "x1y2z3planted")
	f.Add("export DB_PASSWORD='%s'", "x1y2z3planted")
	f.Add("https://user:%s@host/", "x1y2z3planted")
	f.Fuzz(func(t *testing.T, form, _ string) {
		out := snapshot.RedactArgs([]string{form})
		if len(out) != 1 {
			t.Fatalf("%d arguments out of one", len(out))
		}
	})
}

func TestRedactOptions(t *testing.T) {
	got := snapshot.RedactOptions(map[string]string{"type": "cifs", "o": "addr=10.0.0.1,username=u,password=x1", "device": "//10.0.0.1/share"})
	for name, value := range got {
		if strings.Contains(value, "x1") {
			t.Errorf("option %s still holds the password: %s", name, value)
		}
	}
	if got["device"] != "//10.0.0.1/share" {
		t.Errorf("device is %q", got["device"])
	}
}
