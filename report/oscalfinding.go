package report

import (
	"seawall/lang"
	"seawall/rule"
)

type (
	oscalFinding struct {
		UUID        string         `json:"uuid"`
		Title       string         `json:"title"`
		Description string         `json:"description"`
		Props       []oscalProp    `json:"props"`
		Target      oscalTarget    `json:"target"`
		Related     []oscalRelated `json:"related-observations"`
		Remarks     string         `json:"remarks,omitempty"`
	}
	oscalTarget struct {
		Type   string      `json:"type"`
		ID     string      `json:"target-id"`
		Status oscalStatus `json:"status"`
	}
	oscalStatus struct {
		State  string `json:"state"`
		Reason string `json:"reason"`
	}
	oscalRelated struct {
		UUID string `json:"observation-uuid"`
	}
)

// finding says whether a rule holds. It does only if it was seen to hold on
// every subject: what could not be checked, and what is waived, is not
// satisfied, for another reason than a failure.
func (o *oscal) finding(id string, seen []oscalSeen) oscalFinding {
	status := oscalStatus{"satisfied", "pass"}
	failing, waived, unseen := 0, 0, 0
	out := oscalFinding{UUID: o.uuid("finding", id), Title: id, Description: id, Props: []oscalProp{ours("rule", id)}}
	for _, s := range seen {
		out.Related = append(out.Related, oscalRelated{s.uuid})
		switch {
		case s.result.Finding():
			status = oscalStatus{"not-satisfied", "fail"}
			failing++
		case s.result.Waived != nil:
			waived++
		case s.result.Verdict == rule.Unknown:
			unseen++
		}
	}
	if status.State == "satisfied" && waived+unseen > 0 {
		status = oscalStatus{"not-satisfied", "other"}
	}
	out.Target = oscalTarget{"objective-id", id, status}
	var remarks []string
	if failing > 0 {
		remarks = append(remarks, lang.Sprintf("%d failing", failing))
	}
	if waived > 0 {
		remarks = append(remarks, lang.Sprintf("%d waived", waived))
	}
	if unseen > 0 {
		remarks = append(remarks, lang.Sprintf("%d not checked", unseen))
	}
	if len(remarks) > 0 {
		out.Remarks = lang.Plural(len(seen), "Of %d observation: %s.", "Of %d observations: %s.", len(seen), lang.Comma(remarks))
	}
	if r, err := o.lookup(id); err == nil {
		out.describe(r)
	}
	return out
}

// describe adds what the rule says of itself.
func (f *oscalFinding) describe(r *rule.Rule) {
	f.Title, f.Description = markup(r.Title), markup(r.Why+" "+lang.T("Fix: ")+r.Fix.Text)
	f.Props = append(f.Props, ours("severity", r.Severity.String()))
	for _, ref := range r.Refs.List() {
		f.Props = append(f.Props, ours("reference", ref))
	}
}
