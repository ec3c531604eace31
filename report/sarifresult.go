package report

import (
	"net/url"
	"regexp"
	"strings"

	"seawall/lang"
	"seawall/rule"
)

// The parts of a SARIF result that are used.
type (
	sarifResult struct {
		RuleID              string             `json:"ruleId"`
		RuleIndex           int                `json:"ruleIndex"`
		Kind                string             `json:"kind"`
		Level               string             `json:"level"`
		Message             sarifText          `json:"message"`
		Locations           []sarifLocation    `json:"locations"`
		CodeFlows           []sarifCodeFlow    `json:"codeFlows,omitempty"`
		PartialFingerprints map[string]string  `json:"partialFingerprints"`
		BaselineState       string             `json:"baselineState,omitempty"`
		Suppressions        []sarifSuppression `json:"suppressions,omitzero"`
		Fixes               []sarifFix         `json:"fixes,omitempty"`
		Properties          sarifProperties    `json:"properties"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations"`
		Message  *sarifText     `json:"message,omitempty"`
	}
	sarifCodeFlow struct {
		ThreadFlows []sarifThreadFlow `json:"threadFlows"`
	}
	sarifThreadFlow struct {
		Locations []sarifFlowLocation `json:"locations"`
	}
	sarifFlowLocation struct {
		Location   sarifLocation `json:"location"`
		Importance string        `json:"importance"`
		Order      int           `json:"executionOrder"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}
	sarifLogical struct {
		Name string `json:"name"`
		Full string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Status        string `json:"status"`
		Justification string `json:"justification"`
	}
	sarifProperties struct {
		Severity       string   `json:"severity"`
		SeverityReason string   `json:"severityReason,omitempty"`
		Evidence       []string `json:"evidence,omitempty"`
	}
)

// newSARIFResult makes a result of a failing one. Where one result of a run has
// suppressions, all must have, be they empty (SARIF 2.1.0, 3.27.23). GitHub
// tells alerts apart by the fingerprint called primaryLocationLineHash alone.
func newSARIFResult(r *Report, x *rule.Result, index int, waivers bool) sarifResult {
	out := sarifResult{
		RuleID: x.Rule, RuleIndex: index, Kind: "fail", Level: sarifLevel(x.Severity),
		Message:             sarifText{Text: sarifPlain(lang.Sentence(qualifiedName(x.Subject) + ": " + x.Message))},
		Locations:           []sarifLocation{sarifResultPlace(r, x)},
		PartialFingerprints: map[string]string{"primaryLocationLineHash": x.Fingerprint, "seawall/v1": x.Fingerprint},
		BaselineState:       map[rule.Since]string{rule.New: "new", rule.Worse: "updated", rule.Known: "unchanged"}[x.Since],
		Properties:          sarifProperties{Severity: x.Severity.String(), SeverityReason: x.SeverityReason},
	}
	for _, e := range x.Evidence {
		out.Properties.Evidence = append(out.Properties.Evidence, clean(evidenceText(e, true)))
	}
	if x.Patch != nil {
		out.Fixes = []sarifFix{newSARIFFix(x.Patch)}
	}
	if waivers {
		out.Suppressions = []sarifSuppression{}
	}
	if x.Waived != nil {
		why := lang.Sprintf("%s (until %s)", x.Waived.Reason, x.Waived.Until)
		out.Suppressions = append(out.Suppressions, sarifSuppression{"external", "accepted", clean(why)})
	}
	return out
}

// sarifResultPlace is where a result is: in a file, if it is of a declaration.
func sarifResultPlace(r *Report, x *rule.Result) sarifLocation {
	p, is := r.placeOf(x)
	if !is {
		return sarifPlace(r.Host.Name, x.Subject)
	}
	out := sarifInFile(p)
	out.Logical = []sarifLogical{{Name: clean(x.Subject.Name), Full: string(x.Subject.Kind) + "/" + segment(x.Subject.Name), Kind: "resource"}}
	return out
}

func sarifInFile(p place) sarifLocation {
	return sarifLocation{Physical: sarifPhysical{sarifArtifact{p.uri()}, sarifRegion{p.line, p.column, p.line, p.column}}}
}

// sarifPlace is where something that is alive is.
func sarifPlace(host string, s rule.Subject) sarifLocation {
	engine := s.Engine
	if s.Kind == rule.KindEngine {
		engine = ""
	}
	if s.Kind == rule.KindHost {
		return sarifAt(s.Name, host, engine)
	}
	return sarifAt(s.Name, host, engine, string(s.Kind), segment(s.Name))
}

// sarifAt is a place on a host, or on an engine of it: what is alive has no file,
// so it gets a path that names it, relative as GitHub demands, and a first line.
func sarifAt(name, host, engine string, rest ...string) sarifLocation {
	path := []string{"host", segment(host)}
	if key := rule.EngineKey(engine); key != "" {
		path = append(path, "engine", segment(key))
	}
	uri := strings.Join(append(path, rest...), "/")
	return sarifLocation{
		Physical: sarifPhysical{sarifArtifact{uri}, sarifRegion{1, 1, 1, 1}},
		Logical:  []sarifLogical{{Name: clean(name), Full: uri, Kind: "resource"}},
	}
}

// segment makes one segment of a relative URI of any text.
func segment(s string) string {
	switch s {
	case "":
		return "unknown"
	case ".", "..":
		return strings.ReplaceAll(s, ".", "%2E")
	}
	return strings.ReplaceAll(url.PathEscape(s), ":", "%3A")
}

func sarifLevel(s rule.Severity) string {
	switch {
	case s >= rule.High:
		return "error"
	case s == rule.Medium:
		return "warning"
	}
	return "note"
}

var (
	sarifLink        = regexp.MustCompile(`\[([^\]]*)\]\(`)
	sarifPlaceholder = regexp.MustCompile(`\{([0-9]+)\}`)
)

// sarifPlain makes a message that says just this text: what a viewer would take
// for a link or a placeholder is escaped (SARIF 2.1.0, 3.11.5 and 3.11.6).
func sarifPlain(s string) string {
	s = sarifLink.ReplaceAllString(clean(s), `\[$1\](`)
	return sarifPlaceholder.ReplaceAllString(s, `{{$1}}`)
}
