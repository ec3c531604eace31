package snapshot

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// maxSecretNames bounds the names that one text may give, maxSecretName the
// length of one.
const (
	maxSecretNames = 32
	maxSecretName  = 64
)

// loginArgument finds what curl and wget take for a user's password, and
// Authorization headers. What a shell fills in ($TOKEN) is no secret.
var loginArgument = regexp.MustCompile(`(?i)(?:^|\s)(-u|--user)[ =]?["']?[\w.@-]+:([^\s"'$` + "`" + `]+)|(authorization):\s*(?:basic|bearer)\s+([^\s"'$` + "`" + `]{8,})`)

// SecretArgs gives the names under which a command line seems to hold secrets:
// those of flags and assignments, in the words of a shell script too. Values
// that a shell fills in, and paths of files, are none.
func SecretArgs(args []string) []string {
	found := map[string]bool{}
	pending := ""
	for _, arg := range args {
		if pending != "" && !strings.HasPrefix(arg, "-") {
			noteSecret(found, pending, arg)
		}
		pending = ""
		switch name, value, assigned := strings.Cut(arg, "="); {
		case strings.ContainsAny(arg, " \t\n;"):
			secretWords(found, arg)
		case assigned:
			noteSecret(found, name, value)
		case strings.HasPrefix(arg, "-") && SecretName(strings.TrimLeft(arg, "-")):
			pending = arg
		default:
			noteSecret(found, "argument", arg)
		}
	}
	secretLogins(found, strings.Join(args, " "))
	names := slices.Sorted(maps.Keys(found))
	return names[:min(len(names), maxSecretNames)]
}

// secretWords looks into a shell script.
func secretWords(found map[string]bool, script string) {
	for _, m := range shellAssignment.FindAllStringSubmatch(script, -1) {
		noteSecret(found, m[1]+m[3], strings.Trim(m[5], `"'`))
	}
	if secretShape.MatchString(script) {
		found["argument"] = true
	}
}

func secretLogins(found map[string]bool, line string) {
	if !strings.Contains(line, "curl") && !strings.Contains(line, "wget") {
		return
	}
	for _, m := range loginArgument.FindAllStringSubmatch(line, -1) {
		found[m[1]+m[3]] = true
	}
}

func noteSecret(found map[string]bool, name, value string) {
	if len(name) > maxSecretName {
		name = "argument"
	}
	plain := strings.ReplaceAll(strings.TrimLeft(name, "-"), "-", "_")
	if filledIn(value) || EnvFile == envKind(plain, value) {
		return
	}
	if kind := envKind(plain, value); kind == EnvNamed || kind == EnvShaped {
		found[name] = true
	}
}

// filledIn reports whether a shell or the program reads the value from
// elsewhere: a variable, a command, a file.
func filledIn(value string) bool {
	return value == "" || value == Redacted || strings.ContainsAny(value[:1], "$`/@<%{") || strings.HasPrefix(value, "./") || strings.HasPrefix(value, "file:")
}

// passwordHash matches the forms of htpasswd, as basic authentication of
// proxies takes them from labels ("$$" is Compose's "$").
var passwordHash = regexp.MustCompile(`(^|[:,])(\$\$?(apr1|2[aby]|5|6)\$|\{SHA\})`)

// SecretLabels gives the names of the labels whose value looks like a secret, by
// the last part of the name or the form of the value.
func SecretLabels(labels map[string]string) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		value := labels[name]
		last := name[strings.LastIndexByte(name, '.')+1:]
		kind := envKind(last, value)
		if passwordHash.MatchString(value) || !filledIn(value) && (kind == EnvNamed || kind == EnvShaped) {
			names = append(names, strings.ToValidUTF8(name[:min(len(name), 2*maxSecretName)], ""))
		}
	}
	return names[:min(len(names), maxSecretNames)]
}
