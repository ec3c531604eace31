package report

import (
	"encoding/json"
	"io"
	"maps"
	"regexp"
	"slices"

	"seawall/lang"
	"seawall/rule"
)

// sarifSchema is the address by which SARIF 2.1.0 (with Errata 01) names its
// schema.
const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// sarifResults is how many results of a run GitHub takes.
const sarifResults = 25_000

// The parts of SARIF 2.1.0 that are used.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool              sarifTool         `json:"tool"`
		AutomationDetails sarifID           `json:"automationDetails"`
		Invocations       []sarifInvocation `json:"invocations"`
		ColumnKind        string            `json:"columnKind"`
		Results           []sarifResult     `json:"results"`
	}
	sarifID struct {
		ID string `json:"id"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name            string      `json:"name"`
		Version         string      `json:"version"`
		SemanticVersion string      `json:"semanticVersion,omitempty"`
		Rules           []sarifRule `json:"rules"`
	}
	sarifInvocation struct {
		ExecutionSuccessful bool                `json:"executionSuccessful"`
		EndTimeUTC          string              `json:"endTimeUtc"`
		Notifications       []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level   string    `json:"level"`
		Message sarifText `json:"message"`
	}
	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
)

// SARIF writes the findings as SARIF 2.1.0, in the fields that GitHub reads.
// Only what fails is a result, also when it is waived (as a suppression):
// viewers take every result for an alert, whatever its kind. What could not be
// checked is a notification of the run.
func SARIF(w io.Writer, r *Report, lookup Lookup) error {
	rules := sarifRules(r.Results, lookup)
	run := sarifRun{
		Tool:              sarifTool{sarifDriver{Name: "Seawall", Version: r.Tool, SemanticVersion: semantic(r.Tool), Rules: rules}},
		AutomationDetails: sarifID{"seawall/" + segment(r.Host.Name) + "/"},
		ColumnKind:        "unicodeCodePoints",
		Results:           sarifFindings(r, rules),
	}
	end := sarifInvocation{ExecutionSuccessful: true, EndTimeUTC: r.TakenAt.UTC().Format("2006-01-02T15:04:05Z")}
	if left := len(run.Results) - sarifResults; left > 0 {
		run.Results = run.Results[:sarifResults]
		end.note(lang.Sprintf("%d findings, the least severe ones, are left out", left))
	}
	for _, g := range r.Gaps {
		end.note(lang.Sprintf("not checked, %s: %s", resultCount(g.Results), gapText(g)))
	}
	for _, warning := range r.Warnings {
		end.note(warning)
	}
	run.Invocations = []sarifInvocation{end}
	return writeSARIF(w, run)
}

func writeSARIF(w io.Writer, run sarifRun) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}}); err != nil {
		return lang.Errorf("write SARIF report: %w", err)
	}
	return nil
}

func (i *sarifInvocation) note(text string) {
	i.Notifications = append(i.Notifications, sarifNotification{"warning", sarifText{Text: sarifPlain(text)}})
}

func sarifFindings(r *Report, rules []sarifRule) []sarifResult {
	index := map[string]int{}
	for i := range rules {
		index[rules[i].ID] = i
	}
	waived := slices.ContainsFunc(r.Results, func(x rule.Result) bool { return x.Waived != nil })
	out := []sarifResult{}
	for i := range r.Results {
		x := &r.Results[i]
		if at, ok := index[x.Rule]; ok && x.Verdict == rule.Failed {
			out = append(out, newSARIFResult(r, x, at, waived))
		}
	}
	return out
}

// sarifRules are the rules that fail somewhere, by id.
func sarifRules(results []rule.Result, lookup Lookup) []sarifRule {
	found := map[string]*rule.Rule{}
	for i := range results {
		if results[i].Verdict != rule.Failed {
			continue
		}
		if r, err := lookup(results[i].Rule); err == nil {
			found[r.ID] = r
		}
	}
	out := []sarifRule{}
	for _, id := range slices.Sorted(maps.Keys(found)) {
		out = append(out, newSARIFRule(found[id]))
	}
	return out
}

var semver = regexp.MustCompile(`^v?([0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)$`)

// semantic is the version in the form of Semantic Versioning; "" if it has not
// that form.
func semantic(version string) string {
	if m := semver.FindStringSubmatch(version); m != nil {
		return m[1]
	}
	return ""
}
