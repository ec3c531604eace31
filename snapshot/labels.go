package snapshot

import (
	"regexp"
	"strings"
)

// Cut stands where a value stood that is longer than what is kept of one.
const Cut = "<cut>"

// maxLabelValue bounds the values of labels that are kept, in bytes.
const maxLabelValue = 1024

// labelPair finds the names of settings inside a value: NAME=x, "name": "x".
var labelPair = regexp.MustCompile(`([A-Za-z_][\w.-]*)["']?\s*[:=]\s*\S`)

// RedactLabels gives the labels without secrets: a value is [Redacted] if it, or
// its name, looks like one. This is told more readily than [SecretLabels] tells
// of a fault. Long values are [Cut].
func RedactLabels(labels map[string]string) map[string]string {
	if len(labels) == 0 {
		return nil
	}
	out := make(map[string]string, len(labels))
	for name, value := range labels {
		switch {
		case secretLabel(name, value):
			value = Redacted
		case len(value) > maxLabelValue:
			value = Cut
		}
		out[RedactString(name)] = value
	}
	return out
}

func secretLabel(name, value string) bool {
	last := name[strings.LastIndexByte(name, '.')+1:]
	for _, n := range []string{name, last} {
		if (EnvVar{Kind: envKind(strings.ReplaceAll(n, "-", "_"), value)}).Secret() {
			return true
		}
	}
	if passwordHash.MatchString(value) || loginArgument.MatchString(value) || redactShell(value) != value {
		return true
	}
	for _, pair := range labelPair.FindAllStringSubmatch(value, -1) {
		if SecretName(pair[1]) {
			return true
		}
	}
	return false
}

// Withheld says of a text, or a part of one, why it is not what stood there; ""
// if nothing was taken out of it.
func Withheld(value string) string {
	switch {
	case strings.Contains(value, Redacted):
		return "it may hold a secret, which is not kept"
	case value == Cut:
		return "it is longer than what is kept"
	}
	return ""
}
