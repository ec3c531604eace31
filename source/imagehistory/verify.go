package imagehistory

import (
	"regexp"
	"slices"
	"strings"

	"seawall/snapshot"
)

// noVerify finds options that leave a server's certificate unchecked.
func noVerify(note noter, c command) {
	if found := unchecked(c); found != "" {
		note(snapshot.BuildNoVerify, found)
	}
}

func unchecked(c command) string {
	program := c.program()
	switch program {
	case "curl":
		if slices.IndexFunc(c.words, insecureCurl) > 0 {
			return "curl -k"
		}
	case "wget":
		if c.has("--no-check-certificate") {
			return "wget --no-check-certificate"
		}
	case "git":
		if c.sets(gitVerify, "false", "0", "off", "no") {
			return "git http.sslVerify=false"
		}
	case "npm", "pnpm", "yarn":
		if c.sets(npmVerify, "false") {
			return program + " strict-ssl=false"
		}
	case "conda", "mamba":
		if c.sets(condaVerify, "false", "no") {
			return program + " ssl_verify=false"
		}
	default:
		return uncheckedElse(program, c)
	}
	return ""
}

// uncheckedElse knows options that several programs share.
func uncheckedElse(program string, c command) string {
	if isPip(program) && slices.ContainsFunc(c.words, trustsHost) {
		return "pip --trusted-host"
	}
	if c.has("--insecure-skip-tls-verify", "--insecure-skip-tls-verify=true") {
		return program + " --insecure-skip-tls-verify"
	}
	if slices.ContainsFunc(c.words, func(w string) bool {
		return strings.HasSuffix(w, "sslverify=0") || strings.HasSuffix(w, "sslverify=false")
	}) {
		return program + " sslverify=0"
	}
	return ""
}

// pip has names with versions: pip3.12. "python -m pip" is the same.
func isPip(program string) bool { return strings.HasPrefix(program, "pip") || program == "uv" }

func trustsHost(word string) bool {
	return strings.HasPrefix(word, "--trusted-host") || strings.HasPrefix(word, "--allow-insecure-host") || word == "global.trusted-host"
}

var (
	gitVerify   = regexp.MustCompile(`(?i)^http\..*sslverify$`)
	npmVerify   = regexp.MustCompile(`(?i)^-{0,2}(?:strict-ssl|enablestrictssl)$`)
	condaVerify = regexp.MustCompile(`^ssl_verify$`)
)

// sets reports whether a setting gets one of some values: "name=value", or "name value".
func (c command) sets(name *regexp.Regexp, values ...string) bool {
	for i, w := range c.words {
		key, value, assigned := strings.Cut(w, "=")
		if i == 0 || !name.MatchString(key) {
			continue
		}
		if !assigned && i+1 < len(c.words) {
			value = c.words[i+1]
		}
		if slices.Contains(values, strings.ToLower(value)) {
			return true
		}
	}
	return false
}

// curlWithValue are the short options of curl that take a value (curl(1)).
const curlWithValue = "AbcCdDeEFhHKmoPQrtTuUwxXyYz"

// insecureCurl finds k among joined short options: -k, -fsSLk, not -ok.
func insecureCurl(word string) bool {
	if word == "--insecure" {
		return true
	}
	if !strings.HasPrefix(word, "-") || strings.HasPrefix(word, "--") {
		return false
	}
	for _, option := range word[1:] {
		if option == 'k' {
			return true
		}
		if strings.ContainsRune(curlWithValue, option) {
			return false
		}
	}
	return false
}

// switched finds variables that switch a check off for all programs, or add an index of
// packages.
func switched(note noter, assignment string) {
	name, value, assigned := strings.Cut(assignment, "=")
	value = strings.ToLower(strings.Trim(value, `"'`))
	switch {
	case !assigned:
	case name == "NODE_TLS_REJECT_UNAUTHORIZED" && value == "0",
		name == "PYTHONHTTPSVERIFY" && value == "0",
		name == "GIT_SSL_NO_VERIFY" && (value == "1" || value == "true"),
		strings.EqualFold(name, "npm_config_strict_ssl") && value == "false",
		name == "PIP_TRUSTED_HOST" && value != "":
		note(snapshot.BuildNoVerify, name)
	case (name == "PIP_EXTRA_INDEX_URL" || name == "UV_EXTRA_INDEX_URL") && value != "":
		note(snapshot.BuildExtraIndex, name)
	}
}

// extraIndex finds an index of packages beside the one that counts.
func extraIndex(note noter, c command) {
	if isPip(c.program()) && slices.ContainsFunc(c.words, func(w string) bool { return strings.HasPrefix(w, "--extra-index-url") }) {
		note(snapshot.BuildExtraIndex, "pip --extra-index-url")
	}
}
