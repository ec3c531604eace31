package report

import (
	"encoding/json"
	"io"
	"time"

	"seawall/lang"
	"seawall/rule"
)

// oscalVersion is the release of NIST's OSCAL whose model of assessment results
// is written.
const oscalVersion = "1.1.3"

// oscalNamespace is the namespace of properties that are ours alone. It is a
// name; nothing is there.
const oscalNamespace = "urn:seawall:oscal"

// The parts of OSCAL assessment results that are used.
type (
	oscalDoc struct {
		Results oscalResults `json:"assessment-results"`
	}
	oscalResults struct {
		UUID       string          `json:"uuid"`
		Metadata   oscalMetadata   `json:"metadata"`
		ImportAP   oscalHref       `json:"import-ap"`
		Results    []oscalResult   `json:"results"`
		BackMatter oscalBackMatter `json:"back-matter"`
	}
	oscalMetadata struct {
		Title        string `json:"title"`
		LastModified string `json:"last-modified"`
		Version      string `json:"version"`
		OSCALVersion string `json:"oscal-version"`
	}
	oscalHref struct {
		Href string `json:"href"`
	}
	oscalBackMatter struct {
		Resources []oscalResource `json:"resources"`
	}
	oscalResource struct {
		UUID        string `json:"uuid"`
		Title       string `json:"title"`
		Description string `json:"description"`
	}
	oscalResult struct {
		UUID         string             `json:"uuid"`
		Title        string             `json:"title"`
		Description  string             `json:"description"`
		Start        string             `json:"start"`
		End          string             `json:"end"`
		Props        []oscalProp        `json:"props,omitempty"`
		Local        *oscalLocal        `json:"local-definitions,omitempty"`
		Reviewed     oscalReviewed      `json:"reviewed-controls"`
		Observations []oscalObservation `json:"observations,omitempty"`
		Findings     []oscalFinding     `json:"findings,omitempty"`
	}
	oscalLocal struct {
		Inventory []oscalItem `json:"inventory-items"`
	}
	oscalItem struct {
		UUID        string      `json:"uuid"`
		Description string      `json:"description"`
		Props       []oscalProp `json:"props"`
	}
	oscalProp struct {
		Name  string `json:"name"`
		NS    string `json:"ns,omitempty"`
		Value string `json:"value"`
	}
)

// OSCAL writes the audit as OSCAL assessment results. A rule is a control, by
// its id, with its references as properties; a result is an observation; a
// finding says whether a control holds. The plan that OSCAL wants to be named is
// a placeholder.
func OSCAL(w io.Writer, r *Report, lookup Lookup) error {
	o := newOSCAL(r, lookup)
	at := r.TakenAt.UTC().Format(time.RFC3339)
	plan := o.uuid("plan")
	doc := oscalDoc{oscalResults{
		UUID: o.uuid("document"),
		Metadata: oscalMetadata{
			Title: lang.Sprintf("Seawall audit of %s", o.host()), LastModified: at, Version: at, OSCALVersion: oscalVersion,
		},
		ImportAP: oscalHref{"#" + plan},
		Results:  []oscalResult{o.result(at)},
		BackMatter: oscalBackMatter{[]oscalResource{{
			UUID: plan, Title: lang.T("Assessment plan"),
			Description: lang.Sprintf("No plan was written: the audit asked the rules of the profile %s.", markup(r.Profile)),
		}}},
	}}
	enc := json.NewEncoder(w)
	enc.SetIndent("", " ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(doc); err != nil {
		return lang.Errorf("write OSCAL report: %w", err)
	}
	return nil
}

// result is the audit.
func (o *oscal) result(at string) oscalResult {
	r := o.report
	out := oscalResult{
		UUID: o.uuid("result"), Title: lang.Sprintf("Audit of %s", o.host()),
		Description: lang.Sprintf("Seawall %s judged %s by %s.", markup(r.Tool), subjectCount(subjects(r.Coverage)), ruleCount(r.Coverage.Rules)),
		Start:       at, End: at,
		Reviewed: o.reviewed(),
	}
	for _, warning := range r.Warnings {
		out.Props = append(out.Props, ours("warning", warning))
	}
	for i := range r.Results {
		if r.Results[i].Verdict != rule.NotApplicable {
			out.Observations = append(out.Observations, o.observation(&r.Results[i], at))
		}
	}
	out.Findings = o.findings()
	if len(o.items) > 0 {
		out.Local = &oscalLocal{o.items}
	}
	return out
}
