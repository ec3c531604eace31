package report

import (
	"io"

	"seawall/near"
	"seawall/rule"
)

// Output is a format that a report can be written in.
type Output struct {
	// Name is what --format calls it; About says in one line what it is for.
	Name, About string
	// Write writes a report. Of the style only the text makes use.
	Write func(w io.Writer, r *Report, style Style, lookup Lookup) error
}

// Outputs lists the formats. It is the one place that knows them all: flags,
// completion, help and the README follow it.
func Outputs() []Output {
	plain := func(write func(io.Writer, *Report, Lookup) error) func(io.Writer, *Report, Style, Lookup) error {
		return func(w io.Writer, r *Report, _ Style, lookup Lookup) error { return write(w, r, lookup) }
	}
	return []Output{
		{"text", "for people, at a terminal", Text},
		{"json", "everything, for programs and for --baseline and diff", plain(func(w io.Writer, r *Report, _ Lookup) error { return JSON(w, r) })},
		{"sarif", "findings as SARIF 2.1.0, for code scanning", plain(SARIF)},
		{"junit", "results as test cases, for CI servers", plain(JUnit)},
		{"github", "findings as annotations of GitHub Actions", plain(GitHub)},
		{"markdown", "a comment for a merge request or an issue", plain(Markdown)},
		{"csv", "one line a result, for spreadsheets", plain(CSV)},
		{"oscal", "OSCAL assessment results 1.1.3, for compliance tools", plain(OSCAL)},
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
	return Output{}, &rule.UnknownNameError{What: "format", Name: name, Near: near.Match(name, OutputNames()), See: "seawall audit --help"}
}
