package snapshot

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

// maxSecretLines bounds what SecretLines reports: more does not make a file any
// worse.
const maxSecretLines = 20

// assignment matches one setting of a configuration file: NAME=value, name:
// value, "name": "value".
var assignment = regexp.MustCompile(`^\s*(?:export\s+|-\s+)?["']?([A-Za-z_][\w.-]{0,63})["']?\s*[:=]\s*(\S.*)$`)

// notLiteral matches values that refer to a secret kept elsewhere, or stand for
// one: ${VAR}, {{ template }}, <placeholder>, a path.
var notLiteral = regexp.MustCompile(`^(\$|\{|\[|<|/|~|%|!|\*+$|null$|nil$|none$)`)

// SecretLines finds the lines of a text file that hold a secret: a setting whose
// name says so and whose value is literal, or anything that has the form of a
// key or token. It names lines and settings, never values. Binary files have
// none.
func SecretLines(data []byte) []string {
	if bytes.IndexByte(data, 0) >= 0 {
		return nil
	}
	var out []string
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		line = strings.TrimRight(line, "\r\n")
		if name, found := secretLine(line); found && len(out) < maxSecretLines {
			out = append(out, strings.TrimSuffix(fmt.Sprintf("line %d: %s", number, name), ": "))
		}
	}
	return out
}

// secretLine reports whether a line holds a secret, and the name it stands
// under, if it has one.
func secretLine(line string) (name string, found bool) {
	if text := strings.TrimSpace(line); text == "" || text[0] == '#' || text[0] == ';' {
		return "", false
	}
	m := assignment.FindStringSubmatch(line)
	if m == nil {
		return "", SecretValue(line)
	}
	value := strings.Trim(strings.TrimRight(m[2], ", "), `"'`)
	if SecretValue(value) {
		return m[1], true
	}
	if !SecretName(m[1]) || value == "" || notLiteral.MatchString(value) {
		return "", false
	}
	return m[1], RedactEnv(m[1] + "=" + value).Secret()
}
