package report

import (
	"io"

	"seawall/lang"
	"seawall/near"
	"seawall/rule"
)

// Output is a format that a report can be written in.
type Output struct {
	// Name is what --format calls it; About says in one line what it is for.
	Name, About string
	// Write writes a report. Of the style only the text makes use.
	Write func(w io.Writer, r *Report, style Style, lookup Lookup) error
	// Whole: it shows the report's Snapshot and Paths.
	Whole bool
}

// Outputs lists the formats. It is the one place that knows them all: flags,
// completion, help and the README follow it.
func Outputs() []Output {
	plain := func(write func(io.Writer, *Report, Lookup) error) func(io.Writer, *Report, Style, Lookup) error {
		return func(w io.Writer, r *Report, _ Style, lookup Lookup) error { return write(w, r, lookup) }
	}
	return []Output{
		{Name: "text", About: lang.T("for people, at a terminal"), Write: Text},
		{Name: "json", About: lang.T("everything, for programs and for --baseline and diff"), Write: plain(func(w io.Writer, r *Report, _ Lookup) error { return JSON(w, r) })},
		{Name: "sarif", About: lang.T("findings as SARIF 2.1.0, for code scanning"), Write: plain(SARIF)},
		{Name: "junit", About: lang.T("results as test cases, for CI servers"), Write: plain(JUnit)},
		{Name: "github", About: lang.T("findings as annotations of GitHub Actions"), Write: plain(GitHub)},
		{Name: "markdown", About: lang.T("a comment for a merge request or an issue"), Write: plain(Markdown)},
		{Name: "csv", About: lang.T("one line a result, for spreadsheets"), Write: plain(CSV)},
		{Name: "html", About: lang.T("one file for a browser, with attack map and containers"), Write: plain(HTML), Whole: true},
		{Name: "oscal", About: lang.T("OSCAL assessment results 1.1.3, for compliance tools"), Write: plain(OSCAL)},
	}
}

// OutputNames are the names of the formats.
func OutputNames() []string {
	var names []string
	for _, o := range Outputs() {
		names = append(names, o.Name)
	}
	return names
}

// LookupOutput finds a format. For an unknown name the error names the nearest
// match.
func LookupOutput(name string) (Output, error) {
	for _, o := range Outputs() {
		if o.Name == name {
			return o, nil
		}
	}
	return Output{}, &rule.UnknownNameError{What: lang.T("format"), Name: name, Near: near.Match(name, OutputNames()), See: "seawall audit --help"}
}
