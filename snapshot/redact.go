package snapshot

import (
	"net/url"
	"regexp"
	"strings"
)

// Redacted stands where a secret stood.
const Redacted = "<redacted>"

// EnvVar is an environment variable without its value.
type EnvVar struct {
	Name string `json:"name"`
	// Kind says what the value was.
	Kind EnvKind `json:"kind"`
	// Switch is "on" or "off" where the value is one of the words that switch
	// something on or off (1, true, yes, on) and the name says no secret; else "".
	Switch string `json:"switch,omitempty"`
}

// EnvKind is what an environment value was, as far as it may be told.
type EnvKind string

// The kinds of environment values.
const (
	EnvPlain  EnvKind = "plain"  // no sign of a secret
	EnvEmpty  EnvKind = "empty"  // no value
	EnvPassed EnvKind = "passed" // declared without a value: whoever starts the container passes their own
	EnvFile   EnvKind = "file"   // the name says secret, the value is a path to it
	EnvNamed  EnvKind = "named"  // the name says secret
	EnvShaped EnvKind = "shaped" // the value has the form of a known token, key or URL with password
)

// Secret reports whether the variable carries a secret.
func (e EnvVar) Secret() bool { return e.Kind == EnvNamed || e.Kind == EnvShaped }

// secretName matches names under which secrets are given. Words must stand
// alone between underscores, so that MONKEY or KEYBOARD_LAYOUT do not match.
var secretName = regexp.MustCompile(`(?i)(^|[_.-])(password|passwd|passphrase|pwd|pass|secret|secrets|token|apikey|api_?key|access_?key|private_?key|secret_?key|encryption_?key|signing_?key|master_?key|auth_?key|jwt_?key|credential|credentials)($|[_.-]|\d)|password$|secret$|token$|apikey$|(require|auth|master)pass$`)

// notSecretName matches names that contain such a word and hold no secret: those that end
// with what is told of the secret, its file, limits or form, and some of their own.
var notSecretName = regexp.MustCompile(`(?i)(^|_)(public_?key|key_?id|access_?key_?id|` +
	`password_?(policy|min|max|length|hash_?algorithm|encryption|requirements|reset_?url)\w*|pass(word)?_?scheme|` +
	`token_?(url|uri|endpoint|issuer|audience|type|realm|service|rootcertbundle|time)|token_?(ttl|expir|lifetime|timeout)\w*|` +
	`secret_?(id|arn)|credentials_?(source|provider)|ssl_(key|keystore|truststore)_credentials|` +
	`\w+_(name|username|path|dir|directory|location|host|hostname|port|region|class|protocol|mechanism|language|size|limit|endpoint_url(_s3)?)|` +
	`(secret|apikey|secretkey|token)_?(name|path)|` +
	`(allow_empty|random_root|onetime|disabled|no|ask_for)_password|initial_cluster_token|proxy_pass\w*|pass_?through)$`)

// secretShape matches values that are secrets by their form: PEM private keys,
// AWS, GitHub, GitLab, Slack, Google, Stripe, npm and Docker tokens, JWTs,
// swarm join tokens.
var secretShape = regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY|\b(AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36,}|\bgithub_pat_[A-Za-z0-9_]{60,}|\bglpat-[A-Za-z0-9_-]{20,}|\bxox[abpors]-[A-Za-z0-9-]{10,}|\bAIza[A-Za-z0-9_-]{35}|\b[rs]k_live_[A-Za-z0-9]{20,}|\bnpm_[A-Za-z0-9]{36}|\bdckr_(pat|oat)_[A-Za-z0-9_-]{20,}|\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.|\bSWMTKN-1-|\bSWMKEY-1-|\bhvs\.[A-Za-z0-9_-]{20,}`)

// urlPassword matches the password of a URL.
var urlPassword = regexp.MustCompile(`([a-zA-Z][a-zA-Z0-9+.-]*://[^/\s:@]*:)([^@/\s]+)(@)`)

// RedactEnv turns NAME=value into the variable without its value. A NAME alone
// is a variable passed on from the environment of whoever starts the container.
func RedactEnv(assignment string) EnvVar {
	name, value, assigned := strings.Cut(assignment, "=")
	if !assigned {
		return EnvVar{Name: name, Kind: EnvPassed}
	}
	return EnvVar{Name: name, Kind: envKind(name, value), Switch: switchOf(name, value)}
}

// switchOf says what a word switches; "" if it is none, or may be a secret.
func switchOf(name, value string) string {
	if SecretName(name) {
		return ""
	}
	switch strings.ToLower(value) {
	case "1", "true", "yes", "on":
		return "on"
	case "0", "false", "no", "off":
		return "off"
	}
	return ""
}

func envKind(name, value string) EnvKind {
	switch {
	case value == "":
		return EnvEmpty
	case SecretValue(value):
		return EnvShaped
	case !SecretName(name):
		if base, ok := strings.CutSuffix(strings.ToUpper(name), "_FILE"); ok && SecretName(base) {
			return EnvFile
		}
		return EnvPlain
	case strings.HasPrefix(value, "/run/secrets/") || strings.HasSuffix(strings.ToUpper(name), "_FILE"):
		return EnvFile
	case isBoolWord(value):
		return EnvPlain
	}
	return EnvNamed
}

func isBoolWord(v string) bool {
	switch strings.ToLower(v) {
	case "true", "false", "yes", "no", "on", "off", "0", "1", "none", "null":
		return true
	}
	return false
}

// SecretName reports whether a setting of this name usually holds a secret.
func SecretName(name string) bool {
	name = strings.ReplaceAll(name, "-", "_")
	return secretName.MatchString(name) && !notSecretName.MatchString(name)
}

// SecretValue reports whether the value has the form of a known secret.
func SecretValue(value string) bool {
	if secretShape.MatchString(value) {
		return true
	}
	m := urlPassword.FindStringSubmatch(value)
	return m != nil && m[2] != Redacted
}

// RedactString replaces known secrets inside a text: passwords of URLs, and
// the whole text where it holds a token or key.
func RedactString(s string) string {
	if secretShape.MatchString(s) {
		return Redacted
	}
	return urlPassword.ReplaceAllString(s, "${1}"+Redacted+"${3}")
}

// RedactURL removes the user's password from a URL. What does not parse as a
// URL goes through [RedactString].
func RedactURL(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.User == nil {
		return RedactString(s)
	}
	if _, has := u.User.Password(); has {
		u.User = url.UserPassword(u.User.Username(), "redacted")
	}
	return RedactString(u.String())
}

// RedactArgs removes secrets from a command line: values of flags and
// assignments whose names say secret, and anything shaped like one.
func RedactArgs(args []string) []string {
	out := make([]string, 0, len(args))
	hideNext := false
	for _, arg := range args {
		if hideNext && !strings.HasPrefix(arg, "-") {
			out, hideNext = append(out, Redacted), false
			continue
		}
		name, _, assigned := strings.Cut(arg, "=")
		assigned = assigned && !strings.ContainsAny(name, " \t\n;")
		hideNext = false
		switch {
		case assigned && SecretName(strings.TrimLeft(name, "-")):
			out = append(out, name+"="+Redacted)
		case !assigned && strings.HasPrefix(arg, "-") && SecretName(strings.TrimLeft(arg, "-")):
			out, hideNext = append(out, arg), true
		default:
			out = append(out, redactShell(arg))
		}
	}
	return out
}

// shellAssignment finds NAME=value, --name=value and --name value inside one
// argument, as in sh -c 'export DB_PASSWORD=x; run --token y'.
var shellAssignment = regexp.MustCompile(`(?:(-{0,2}[A-Za-z_][\w.-]*)(=)|(--?[A-Za-z][\w-]*)(\s+))("[^"]*"|'[^']*'|[^\s;&|]+)`)

func redactShell(arg string) string {
	if !strings.ContainsAny(arg, " \t\n;") {
		return RedactString(arg)
	}
	return RedactString(shellAssignment.ReplaceAllStringFunc(arg, func(m string) string {
		p := shellAssignment.FindStringSubmatch(m)
		name := p[1] + p[3]
		if !SecretName(strings.TrimLeft(name, "-")) {
			return m
		}
		return name + p[2] + p[4] + Redacted
	}))
}

// RedactOptions redacts the values of a set of driver options: those whose
// names say secret, and password=… inside comma-separated mount options.
func RedactOptions(options map[string]string) map[string]string {
	if len(options) == 0 {
		return nil
	}
	out := make(map[string]string, len(options))
	for name, value := range options {
		if SecretName(name) {
			out[name] = Redacted
			continue
		}
		parts := splitComma(value)
		for i, part := range parts {
			if n, _, ok := strings.Cut(part, "="); ok && SecretName(n) {
				parts[i] = n + "=" + Redacted
			}
		}
		out[name] = RedactString(strings.Join(parts, ","))
	}
	return out
}

func splitComma(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}
