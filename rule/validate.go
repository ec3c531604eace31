package rule

import (
	"errors"
	"fmt"
	"regexp"
)

var idPattern = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)+$`)

// ValidID reports whether a text has the form of a rule's id.
func ValidID(id string) bool { return idPattern.MatchString(id) }

// Validate reports what a rule lacks: an id of the right form, a title, a
// severity, why, how to fix it, a reference, examples, and exactly one check.
func (r *Rule) Validate() error {
	var problems []error
	need := func(ok bool, what string) {
		if !ok {
			problems = append(problems, errors.New(what))
		}
	}
	need(ValidID(r.ID), "id must be kebab-case words")
	need(r.Title != "", "no title")
	need(r.Severity >= Low && r.Severity <= Critical, "no severity")
	need(r.Confined <= r.Severity, "confined severity is above the severity")
	need(r.Why != "", "no reason (Why)")
	need(r.Fix.Text != "", "no fix text")
	need(r.Fix.Breaks != "", "nothing on what the fix may break")
	need(len(r.Refs.List()) > 0, "no reference")
	need(len(r.Bad) > 0, "no bad example")
	need(len(r.Good) > 0, "no good example")
	if r.Container != nil && r.Where == "" {
		need((len(r.Fix.Edits.Do) > 0) != (r.Fix.Edits.Not != ""), "want either edits of a Compose file, or why there are none")
	}
	need(r.checks() == 1, fmt.Sprintf("%d checks, want exactly one", r.checks()))
	if len(problems) > 0 {
		return fmt.Errorf("rule %q: %w", r.ID, errors.Join(problems...))
	}
	return nil
}

// checks counts the checks that are set.
func (r *Rule) checks() int {
	n := 0
	for _, set := range []bool{r.Host != nil, r.Engine != nil, r.Listener != nil,
		r.Client != nil, r.User != nil, r.Image != nil, r.Container != nil,
		r.Network != nil, r.Volume != nil, r.Swarm != nil} {
		if set {
			n++
		}
	}
	return n
}
