// Package accepted reads the findings that a declaration itself accepts, in comments.
package accepted

import (
	"fmt"
	"regexp"
	"strings"

	"seawall/lang"
)

// Waiver is a finding that a file accepts. Its fields are not checked here but for their
// form.
type Waiver struct {
	// Section and Name are what of the file it stands at, such as "services" and the
	// service; both are empty for the whole file.
	Section, Name string
	// Subject is the container, network or volume that Name becomes; "" for all of the
	// file.
	Subject string
	// Image is what the service that it stands at builds, by name; "" if nothing.
	Image string
	// Fields are the keys and values of a waiver in a file of waivers.
	Fields map[string]string
	Where  string // file:line
}

// inComment is a waiver as a comment has it: "waive RULE until DATE: reason", with "by
// OWNER" before the colon if somebody is named.
var inComment = regexp.MustCompile(`^waive\s+(\S+)\s+until\s+(\S+?)(?:\s+by\s+([^:]+?))?\s*:\s*(\S.*)$`)

// form is how people are told of it.
const form = "# seawall: waive RULE until YYYY-MM-DD: reason"

// Comment reads the waiver of one line of a comment, which may begin with "#"; ours is
// false if it is none of Seawall's. An error names the place.
func Comment(text, where string) (w Waiver, ours bool, err error) {
	text, ours = strings.CutPrefix(strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(text), "#")), "seawall:")
	if !ours {
		return Waiver{}, false, nil
	}
	m := inComment.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return Waiver{}, true, lang.Errorf("%s: a comment for seawall is of the form %s", where, form)
	}
	w = Waiver{Fields: map[string]string{"rule": m[1], "until": m[2], "reason": m[4]}, Where: where}
	if m[3] != "" {
		w.Fields["owner"] = m[3]
	}
	return w, true, nil
}

// Lines reads the waivers of the comments of a text in which a comment is a line that
// begins with "#", such as a Dockerfile.
func Lines(file string, content []byte) ([]Waiver, error) {
	var out []Waiver
	line := 0
	for text := range strings.Lines(string(content)) {
		line++
		if !strings.HasPrefix(strings.TrimSpace(text), "#") {
			continue
		}
		w, ours, err := Comment(text, fmt.Sprintf("%s:%d", file, line))
		if err != nil {
			return nil, err
		}
		if ours {
			out = append(out, w)
		}
	}
	return out, nil
}
