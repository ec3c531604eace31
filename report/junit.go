package report

import (
	"encoding/xml"
	"io"
	"strings"

	"seawall/lang"
	"seawall/rule"
)

// The elements of a JUnit report, as far as CI servers agree on them: the
// schema of the Jenkins xUnit plugin.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name      string      `xml:"name,attr"`
		Tests     int         `xml:"tests,attr"`
		Failures  int         `xml:"failures,attr"`
		Errors    int         `xml:"errors,attr"`
		Skipped   int         `xml:"skipped,attr"`
		Time      string      `xml:"time,attr"`
		Timestamp string      `xml:"timestamp,attr"`
		Hostname  string      `xml:"hostname,attr"`
		Cases     []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name      string        `xml:"name,attr"`
		ClassName string        `xml:"classname,attr"`
		Time      string        `xml:"time,attr"`
		Skipped   *junitSkipped `xml:"skipped"`
		Failure   *junitFailure `xml:"failure"`
	}
	junitSkipped struct {
		Message string `xml:"message,attr"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes one test suite a kind of subject and one test case a result. A
// finding is a failure. What could not be checked, was accepted or is known
// from the baseline is skipped, with the reason; what does not apply is left
// out, for JUnit has no word for it.
func JUnit(w io.Writer, r *Report, lookup Lookup) error {
	doc := junitSuites{Name: "seawall"}
	for _, kind := range rule.Kinds() {
		suite := junitSuite{Name: string(kind), Time: "0", Timestamp: r.TakenAt.UTC().Format("2006-01-02T15:04:05"), Hostname: clean(r.Host.Name)}
		for i := range r.Results {
			if x := &r.Results[i]; x.Subject.Kind == kind && x.Verdict != rule.NotApplicable {
				suite.add(junitResult(x, lookup))
			}
		}
		if suite.Tests > 0 {
			doc.Suites = append(doc.Suites, suite)
			doc.Tests += suite.Tests
			doc.Failures += suite.Failures
		}
	}
	return writeXML(w, doc)
}

func (s *junitSuite) add(c junitCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Skipped != nil:
		s.Skipped++
	}
}

func junitResult(x *rule.Result, lookup Lookup) junitCase {
	c := junitCase{Name: clean(qualifiedName(x.Subject)), ClassName: x.Rule, Time: "0"}
	switch {
	case x.Waived != nil:
		c.Skipped = &junitSkipped{clean(lang.Sprintf("waived until %s: %s", x.Waived.Until, x.Waived.Reason))}
	case x.Verdict == rule.Unknown:
		c.Skipped = &junitSkipped{clean(lang.Sprintf("not checked: %s", x.Message))}
	case x.Since == rule.Known:
		c.Skipped = &junitSkipped{clean(lang.Sprintf("known, in the baseline: %s", x.Message))}
	case x.Verdict == rule.Failed:
		c.Failure = &junitFailure{Message: clean(x.Message), Type: x.Severity.String(), Text: junitText(x, lookup)}
	}
	return c
}

// junitText is what the failure says at length.
func junitText(x *rule.Result, lookup Lookup) string {
	var b strings.Builder
	for _, e := range x.Evidence {
		b.WriteString(lang.T("seen: ") + clean(evidenceText(e, true)) + "\n")
	}
	if found, err := lookup(x.Rule); err == nil {
		b.WriteString(found.Title + "\n" + lang.T("Fix: ") + found.Fix.Text + "\n" + lang.T("May break: ") + found.Fix.Breaks + "\n")
	}
	return b.String()
}

func writeXML(w io.Writer, doc any) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return lang.Errorf("write JUnit report: %w", err)
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return lang.Errorf("write JUnit report: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// qualifiedName is the subject's name, with its engine unless that is the
// system's.
func qualifiedName(s rule.Subject) string {
	if engine := rule.EngineKey(s.Engine); engine != "" && s.Engine != s.Name {
		return s.Name + " @ " + engine
	}
	return s.Name
}
