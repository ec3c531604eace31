package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"seawall/lang"
	"seawall/report/monospace"
	"seawall/rule"
)

// timelineHead names the columns of an audit's row.
func timelineHead() []string {
	head := []string{lang.T("audit")}
	for _, s := range rule.Severities() {
		head = append(head, severityWord(s))
	}
	return append(head, lang.T("appeared"), lang.T("got worse"), lang.T("went"), lang.T("not checked any more"), lang.T("known"), lang.T("accepted"))
}

// rows are the audits of a host, the oldest first.
func (h *HostTimeline) rows() [][]string {
	var out [][]string
	for i, r := range h.Reports {
		row := []string{stamp(r)}
		for _, s := range rule.Severities() {
			row = append(row, itoa(r.Coverage.Findings[s.String()]))
		}
		changes := []string{"", "", "", "", ""}
		if i > 0 {
			c := h.Steps[i-1]
			changes = []string{itoa(len(c.New)), itoa(c.worse()), itoa(len(c.Gone)), itoa(len(c.NotChecked)), itoa(c.known())}
		}
		out = append(out, append(append(row, changes...), itoa(r.Coverage.Results.Waived)))
	}
	return out
}

// hostsHead names the columns of a host's row.
func hostsHead() []string {
	head := []string{lang.T("host"), lang.T("audits"), lang.T("newest")}
	for _, s := range rule.Severities() {
		head = append(head, severityWord(s))
	}
	return append(head, lang.T("not checked"))
}

// hostRows are the hosts, each with its newest audit.
func (t *Timeline) hostRows() [][]string {
	var out [][]string
	for i := range t.Hosts {
		h := &t.Hosts[i]
		r := h.Newest()
		row := []string{h.shown(), itoa(len(h.Reports)), stamp(r)}
		for _, s := range rule.Severities() {
			row = append(row, itoa(r.Coverage.Findings[s.String()]))
		}
		out = append(out, append(row, itoa(r.Coverage.Results.Unknown)))
	}
	return out
}

// timelineParts are the lists of a comparison with their headings.
func timelineParts(c *Comparison) []diffPart {
	return []diffPart{{lang.T("Appeared"), c.New}, {lang.T("Changed"), c.Changed}, {lang.T("Went"), c.Gone}, {lang.T("Not checked any more"), c.NotChecked}}
}

// TimelineText writes for people how audits went.
func TimelineText(w io.Writer, t *Timeline, style Style) error {
	out := &textReport{Writer: bufio.NewWriter(w), Style: style, engines: 1}
	if len(t.Hosts) > 1 {
		out.linef(0, "%s", out.paint(bold, lang.Sprintf("%d hosts, %d audits", len(t.Hosts), t.Audits())))
		out.columns(hostsHead(), t.hostRows())
	}
	for i := range t.Hosts {
		h := &t.Hosts[i]
		out.report, out.engines = h.Newest(), len(h.Newest().Engines)
		out.linef(0, "")
		out.linef(0, "%s", out.paint(bold, h.shown()))
		out.columns(timelineHead(), h.rows())
		for n, c := range h.Steps {
			out.audited(h, n, c)
		}
	}
	out.warnings(t.Warnings)
	if err := out.Flush(); err != nil {
		return lang.Errorf("write timeline: %w", err)
	}
	return nil
}

// audited tells what changed with an audit: of the newest in full, of others with --verbose.
func (t *textReport) audited(h *HostTimeline, n int, c *Comparison) {
	if n < len(h.Steps)-1 && !t.Verbose {
		return
	}
	t.linef(0, "")
	t.linef(0, "%s", t.paint(bold, fmt.Sprintf("%s → %s", stamp(h.Reports[n]), stamp(h.Reports[n+1]))))
	for _, p := range timelineParts(c) {
		t.differences(p)
	}
}

// columns writes a table, a line each row; where the terminal is too narrow, a row in a
// paragraph.
func (t *textReport) columns(head []string, rows [][]string) {
	widths := make([]int, len(head))
	total := 0
	for i := range head {
		for _, row := range append([][]string{head}, rows...) {
			widths[i] = max(widths[i], monospace.Width(row[i]))
		}
		total += widths[i] + 2
	}
	if total-2 > t.width() {
		for _, row := range rows {
			var parts []string
			for i, cell := range row[1:] {
				if cell != "" {
					parts = append(parts, head[i+1]+" "+cell)
				}
			}
			t.prose(0, row[0]+": ", strings.Join(parts, ", "))
		}
		return
	}
	for i, row := range append([][]string{head}, rows...) {
		var b strings.Builder
		for j, cell := range row {
			if j > 0 { // numbers at the right
				b.WriteString("  ")
				b.WriteString(strings.Repeat(" ", widths[j]-monospace.Width(cell)))
				b.WriteString(cell)
				continue
			}
			b.WriteString(cell + strings.Repeat(" ", widths[j]-monospace.Width(cell)))
		}
		line := strings.TrimRight(b.String(), " ")
		if i == 0 {
			line = t.paint(dim, line)
		}
		t.linef(0, "%s", line)
	}
}
