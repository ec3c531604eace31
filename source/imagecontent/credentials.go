package imagecontent

import (
	"bytes"
	"regexp"
	"strings"

	"seawall/snapshot"
)

// credentialFile is a kind of file that programs keep credentials in.
type credentialFile struct {
	what string
	// ends are the ends of its paths.
	ends []string
	form *regexp.Regexp
}

func (c *credentialFile) in(data []byte) bool {
	if c.form == nil {
		return secretVariable(data)
	}
	return c.form.Match(data)
}

// credentialFiles are the places where well-known programs keep credentials, and
// what tells these from a file without any.
var credentialFiles = []credentialFile{
	{"AWS credentials", []string{"/.aws/credentials"}, regexp.MustCompile(`(?m)^\s*aws_secret_access_key\s*=\s*\S{16,}`)},
	{"credentials of registries", []string{"/.docker/config.json", "/.dockercfg", "/.config/containers/auth.json"},
		regexp.MustCompile(`"(auth|identitytoken|registrytoken|password)"\s*:\s*"[^"]{4,}"`)},
	{"passwords of hosts", []string{"/.netrc", "/_netrc"}, regexp.MustCompile(`(?m)\bpassword\s+[^\s$<]\S*`)},
	{"passwords of git", []string{"/.git-credentials", "/git/credentials"}, regexp.MustCompile(`://[^\s/:@]*:[^\s@$]+@`)},
	{"a token of npm", []string{"/.npmrc"}, regexp.MustCompile(`(?m)^\s*(//\S+:)?(_authToken|_password|_auth)\s*=\s*["']?[^\s"'$<]{8,}`)},
	{"a password of PyPI", []string{"/.pypirc"}, regexp.MustCompile(`(?m)^\s*password\s*[=:]\s*[^\s$<]\S*`)},
	{"passwords of PostgreSQL", []string{"/.pgpass"}, regexp.MustCompile(`(?m)^[^#\s:][^\n:]*(:[^\n:]*){3}:[^\s$<]\S*`)},
	{"a password of MySQL", []string{"/.my.cnf"}, regexp.MustCompile(`(?m)^\s*password\s*=\s*[^\s$<]\S*`)},
	{"credentials of Kubernetes", []string{"/.kube/config"}, regexp.MustCompile(`(?m)^\s*(client-key-data|token|password):\s*["']?[^\s"'$<]{8,}`)},
	{"credentials of Google Cloud", []string{"/application_default_credentials.json"},
		regexp.MustCompile(`"(private_key|refresh_token)"\s*:\s*"[^"]{16,}"`)},
	{"tokens of Azure", []string{"/.azure/accessTokens.json", "/.azure/msal_token_cache.json"},
		regexp.MustCompile(`"(accessToken|refreshToken|secret)"\s*:\s*"[^"]{16,}"`)},
	{"a token of GitHub", []string{"/.config/gh/hosts.yml"}, regexp.MustCompile(`(?m)^\s*oauth_token:\s*[^\s$<]\S{8,}`)},
	{"a token of Cargo", []string{"/.cargo/credentials", "/.cargo/credentials.toml"}, regexp.MustCompile(`(?m)^\s*token\s*=\s*"[^"$<]{8,}"`)},
	{"a key of RubyGems", []string{"/.gem/credentials"}, regexp.MustCompile(`(?m)^\s*:\w*api_key:\s*[^\s$<]\S{8,}`)},
	{"passwords of Maven", []string{"/.m2/settings.xml"}, regexp.MustCompile(`<password>\s*[^<\s$]`)},
	{"a token of Vault", []string{"/.vault-token"}, regexp.MustCompile(`\A\s*(hvs\.|s\.)?[A-Za-z0-9_-]{20,}`)},
	{"secrets in variables", []string{"/.env", "/.env.local", "/.env.production", "/.env.prod", "/.env.staging"}, nil},
}

// credentialsAt is the kind of a path; nil if no program keeps credentials there.
func credentialsAt(p string) *credentialFile {
	for i := range credentialFiles {
		for _, end := range credentialFiles[i].ends {
			if strings.HasSuffix(p, end) {
				return &credentialFiles[i]
			}
		}
	}
	return nil
}

// placeholder matches values that stand for a secret still to be filled in.
var placeholder = regexp.MustCompile(`(?i)^["']?(|change.?me|replace.?me|todo|none|null|secret|password|x+|\*+|<.*|\$.*|\{\{.*|your.*|my.?(secret|password|token).*|example.*)["']?$`)

// secretVariable reports whether a file of NAME=value lines sets a secret.
func secretVariable(data []byte) bool {
	for line := range bytes.Lines(data) {
		text := strings.TrimPrefix(strings.TrimSpace(string(line)), "export ")
		_, value, assigned := strings.Cut(text, "=")
		if assigned && !strings.HasPrefix(text, "#") && !placeholder.MatchString(strings.TrimSpace(value)) && snapshot.RedactEnv(text).Secret() {
			return true
		}
	}
	return false
}
