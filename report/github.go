package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"seawall/lang"
	"seawall/rule"
)

// GitHub writes findings as workflow commands, which GitHub Actions shows beside the
// lines of a change (docs.github.com, "Workflow commands for GitHub Actions"). A
// finding that is no line of a file stands for itself.
func GitHub(w io.Writer, r *Report, lookup Lookup) error {
	out := bufio.NewWriter(w)
	found := 0
	for i := range r.Results {
		x := &r.Results[i]
		if !x.Finding() {
			continue
		}
		found++
		properties := []string{}
		if p, is := r.placeOf(x); is {
			properties = append(properties, "file="+githubProperty(p.file), fmt.Sprintf("line=%d,col=%d", p.line, p.column))
		}
		title := x.Rule
		if known, err := lookup(x.Rule); err == nil {
			title = known.Title + " (" + x.Rule + ")"
		}
		properties = append(properties, "title="+githubProperty(strings.ToUpper(severityWord(x.Severity))+" "+title))
		message := lang.Sentence(qualifiedName(x.Subject) + ": " + x.Message)
		fmt.Fprintf(out, "::%s %s::%s\n", githubLevel(x.Severity), strings.Join(properties, ","), githubData(message))
	}
	if found == 0 {
		fmt.Fprintln(out, "::notice title=Seawall::"+lang.T("No findings."))
	}
	return out.Flush()
}

func githubLevel(s rule.Severity) string {
	if level := sarifLevel(s); level != "note" {
		return level
	}
	return "notice"
}

// What ends a command's message or property is escaped, as the runner reads it back
// (actions/toolkit, packages/core/src/command.ts).
var (
	githubText  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubValue = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func githubData(s string) string     { return githubText.Replace(clean(s)) }
func githubProperty(s string) string { return githubValue.Replace(clean(s)) }
