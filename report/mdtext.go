package report

import (
	"regexp"
	"strings"
)

var (
	mdSpecial = regexp.MustCompile("[\\\\`*_{}\\[\\]<>()#!|~$&]")
	// mdReference begins what GitHub and GitLab turn into a link or, worse, a
	// notification: @name, #12, !12, %milestone, &epic, $snippet.
	mdReference = regexp.MustCompile(`([@#!%&$~^])([0-9A-Za-z_"])`)
	mdAddress   = regexp.MustCompile(`(?i)(https?:|ftp:|www\.)`)
	mdLineStart = regexp.MustCompile(`^([-+=:]|[0-9]+[.)])`)
	backticks   = regexp.MustCompile("`+")
)

// mdText escapes a text of any origin for Markdown as GitHub and GitLab read it:
// it is one paragraph that says just this, without markup, links, or mentions of
// people.
func mdText(s string) string {
	s = mdSpecial.ReplaceAllString(mdApart(clean(oneParagraph(s))), `\$0`)
	return mdLineStart.ReplaceAllStringFunc(s, func(m string) string { return m[:len(m)-1] + `\` + m[len(m)-1:] })
}

// mdApart keeps what would become a link or a mention apart by a space of no
// width.
func mdApart(s string) string {
	const apart = "\u200b"
	s = mdReference.ReplaceAllString(s, "${1}"+apart+"${2}")
	return mdAddress.ReplaceAllStringFunc(s, func(m string) string { return m[:len(m)-1] + apart + m[len(m)-1:] })
}

// mdCode is a code span: nothing in it is markup, a link or a mention. The
// fence is longer than any run of backticks inside.
func mdCode(s string) string {
	s = clean(oneParagraph(s))
	if s == "" {
		s = " "
	}
	fence := strings.Repeat("`", longestRun(s)+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// mdCell is a code span in a table, where a bar would end the cell.
func mdCell(s string) string { return strings.ReplaceAll(mdCode(s), "|", `\|`) }

// mdBlock is a code block.
func mdBlock(s string) string {
	lines := strings.Split(strings.Trim(s, "\n"), "\n")
	for i := range lines {
		lines[i] = clean(lines[i])
	}
	text := strings.Join(lines, "\n")
	fence := strings.Repeat("`", max(3, longestRun(text)+1))
	return fence + "\n" + text + "\n" + fence
}

func longestRun(s string) int {
	longest := 0
	for _, run := range backticks.FindAllString(s, -1) {
		longest = max(longest, len(run))
	}
	return longest
}
