package imagehistory

import (
	"slices"
	"strings"

	"seawall/snapshot"
)

// noVerify finds options that leave a server's certificate unchecked.
func noVerify(note noter, c command) {
	program := c.program()
	found := ""
	switch program {
	case "curl":
		if i := slices.IndexFunc(c.words, insecureCurl); i > 0 {
			found = "curl -k"
		}
	case "wget":
		if c.has("--no-check-certificate") {
			found = "wget --no-check-certificate"
		}
	case "git":
		if i := slices.IndexFunc(c.words, func(w string) bool { return strings.HasPrefix(strings.ToLower(w), "http.sslverify") }); i > 0 &&
			strings.HasSuffix(strings.ToLower(strings.Join(c.words[i:min(i+2, len(c.words))], "=")), "=false") {
			found = "git http.sslVerify=false"
		}
	case "npm", "yarn":
		if c.has("--strict-ssl=false", "strict-ssl=false") || c.has("strict-ssl") && c.has("false") {
			found = program + " strict-ssl=false"
		}
	default:
		if strings.HasPrefix(program, "pip") && slices.ContainsFunc(c.words, func(w string) bool { return strings.HasPrefix(w, "--trusted-host") }) {
			found = "pip --trusted-host"
		}
		if slices.ContainsFunc(c.words, func(w string) bool {
			return strings.HasSuffix(w, "sslverify=0") || strings.HasSuffix(w, "sslverify=false")
		}) {
			found = program + " sslverify=0"
		}
	}
	if found != "" {
		note(snapshot.BuildNoVerify, found)
	}
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

// noVerifyVariable finds variables that do the same for all programs.
func noVerifyVariable(note noter, assignment string) {
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
	}
}
