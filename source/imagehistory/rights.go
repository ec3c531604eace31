package imagehistory

import (
	"regexp"
	"slices"
	"strings"

	"seawall/snapshot"
)

// rights finds what makes a user of the image root: sudo, and passwords that are set.
func rights(note noter, c command) {
	if c.writes(noPassword) {
		note(snapshot.BuildSudo, "NOPASSWD")
	}
	if c.sudo {
		note(snapshot.BuildSudoUsed, "sudo")
	}
	if what := setsPassword(c); what != "" {
		note(snapshot.BuildPassword, what)
	}
}

var noPassword = regexp.MustCompile(`\bNOPASSWD\b`)

func setsPassword(c command) string {
	switch program := c.program(); program {
	case "chpasswd":
		return program
	case "passwd":
		if c.has("--stdin", "-d", "--delete") {
			return program
		}
	case "useradd", "usermod":
		if c.has("-p", "--password") || slices.ContainsFunc(c.words, func(w string) bool { return strings.HasPrefix(w, "--password=") }) {
			return program + " -p"
		}
	}
	return ""
}
