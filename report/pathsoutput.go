package report

import (
	"io"

	"seawall/lang"
	"seawall/near"
	"seawall/rule"
)

// PathsOutput is a format that attack paths can be written in.
type PathsOutput struct {
	// Name is what --format calls it; About says in one line what it is for.
	Name, About string
	// Write writes them. Of the style only the text makes use.
	Write func(io.Writer, *Paths, Style) error
}

// PathsOutputs lists the formats.
func PathsOutputs() []PathsOutput {
	plain := func(write func(io.Writer, *Paths) error) func(io.Writer, *Paths, Style) error {
		return func(w io.Writer, p *Paths, _ Style) error { return write(w, p) }
	}
	return []PathsOutput{
		{"text", lang.T("for people, at a terminal"), PathsText},
		{"json", lang.T("everything, for programs"), plain(PathsJSON)},
		{"markdown", lang.T("a comment on a merge request or an issue"), plain(PathsMarkdown)},
		{"mermaid", lang.T("the paths as a drawing, for a comment"), plain(PathsMermaid)},
		{"dot", lang.T("all ways from entries to targets as a drawing, for Graphviz"), plain(PathsDOT)},
		{"sarif", lang.T("code scanning and editors, by SARIF 2.1.0"), plain(PathsSARIF)},
		{"opengraph", lang.T("all ways from entries to targets, for BloodHound"), plain(PathsOpenGraph)},
	}
}

// PathsOutputNames are the names of the formats.
func PathsOutputNames() []string {
	var names []string
	for _, o := range PathsOutputs() {
		names = append(names, o.Name)
	}
	return names
}

// LookupPathsOutput finds a format. For an unknown name the error names the
// nearest match.
func LookupPathsOutput(name string) (PathsOutput, error) {
	for _, o := range PathsOutputs() {
		if o.Name == name {
			return o, nil
		}
	}
	return PathsOutput{}, &rule.UnknownNameError{What: lang.T("format"), Name: name, Near: near.Match(name, PathsOutputNames()), See: "seawall paths --help"}
}
