package report

import (
	"encoding/json"
	"io"

	"seawall/lang"
	"seawall/rule"
)

// RuleJSON is a rule as `seawall rules --format json` writes it.
type RuleJSON struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Severity string `json:"severity"`
	Confined string `json:"confined,omitempty"`
	Subject  string `json:"subject"`
	// Exact: the rule is asked for a benchmark only.
	Exact bool `json:"exact,omitempty"`
	// Deep: the rule is asked where the files of images were read.
	Deep bool `json:"deep,omitempty"`
	// Observed: the rule is asked where containers were watched.
	Observed bool `json:"observed,omitempty"`
	// Dockerfile: the rule is asked where a Dockerfile is judged.
	Dockerfile bool `json:"dockerfile,omitempty"`
	// Where is the place, file:line, of a rule that a person brought.
	Where string   `json:"where,omitempty"`
	Why   string   `json:"why"`
	Fix   FixJSON  `json:"fix"`
	Refs  []string `json:"refs"`
}

// FixJSON is a rule's fix.
type FixJSON struct {
	Text    string `json:"text"`
	Run     string `json:"run,omitempty"`
	Compose string `json:"compose,omitempty"`
	Daemon  string `json:"daemon,omitempty"`
	Shell   string `json:"shell,omitempty"`
	Breaks  string `json:"breaks"`
	// Edits are of rules about containers.
	Edits *EditsJSON `json:"edits,omitempty"`
}

// EditsJSON is what 'audit --fix' changes in a service of a Compose file.
type EditsJSON struct {
	Do       []string `json:"do,omitempty"`
	SafeWhen string   `json:"safeWhen,omitempty"`
	Not      string   `json:"not,omitempty"`
}

func fixJSON(f rule.Fix) FixJSON {
	out := FixJSON{Text: f.Text, Run: f.Run, Compose: f.Compose, Daemon: f.Daemon, Shell: f.Shell, Breaks: f.Breaks}
	if e := f.Edits; len(e.Do) > 0 || e.Not != "" {
		out.Edits = &EditsJSON{SafeWhen: lang.T(e.SafeWhen), Not: lang.T(e.Not)}
		for _, edit := range e.Do {
			out.Edits.Do = append(out.Edits.Do, edit.String())
		}
	}
	return out
}

// RulesJSON writes the rules as a JSON array.
func RulesJSON(w io.Writer, rules []*rule.Rule) error {
	out := make([]RuleJSON, len(rules))
	for i, r := range rules {
		out[i] = RuleJSON{
			ID: r.ID, Title: r.Title, Severity: r.Severity.String(), Confined: r.Confined.String(),
			Subject: string(r.Kind()), Exact: r.Exact, Deep: r.Deep, Observed: r.Observed, Dockerfile: r.Dockerfile, Where: r.Where, Why: r.Why, Refs: r.Refs.List(),
			Fix: fixJSON(r.Fix),
		}
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return lang.Errorf("write rules: %w", err)
	}
	return nil
}
