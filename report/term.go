package report

import "seawall/report/monospace"

// Style says how text is laid out and whether it is coloured.
type Style struct {
	// Width is the number of columns; 80 where it is not known.
	Width int
	Color bool
	// Verbose shows every finding in full, with every subject's evidence.
	Verbose bool
}

// The attributes used, as SGR codes (ECMA-48).
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	yellow = "33"
	green  = "32"
	cyan   = "36"
)

// paint wraps text in colour, where colour is on.
func (s Style) paint(codes, text string) string {
	if !s.Color || text == "" {
		return text
	}
	return "\x1b[" + codes + "m" + text + "\x1b[0m"
}

// width is the usable width: at least 40 columns, at most 120, so that lines
// stay readable on wide terminals.
func (s Style) width() int {
	switch {
	case s.Width == 0:
		return 80
	case s.Width < 40:
		return 40
	}
	return min(s.Width, 120)
}

// clean replaces characters that are not seen.
func clean(s string) string { return monospace.Clean(s) }
