// Package monospace lays text out where every letter takes one column or, of East Asian
// scripts, two: in terminals, and roughly elsewhere.
package monospace

import (
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
)

// Width is how many columns of a terminal a text takes: those of East Asian scripts take
// two each.
func Width(text string) int { return uniseg.StringWidth(text) }

// Pad fills a text with blanks to a number of columns.
func Pad(text string, width int) string {
	return text + strings.Repeat(" ", max(width-Width(text), 0))
}

// Fit cuts or fills a text to a number of columns.
func Fit(text string, width int) string { return Pad(Shorten(text, width), width) }

// Shorten cuts a text to a number of columns.
func Shorten(text string, width int) string {
	if Width(text) <= width {
		return text
	}
	return First(text, width-1) + "…"
}

// First is the beginning of a text that fits into a number of columns.
func First(text string, width int) string {
	rest, state, taken := text, -1, 0
	for rest != "" {
		_, next, takes, after := uniseg.FirstGraphemeClusterInString(rest, state)
		if taken+takes > width {
			break
		}
		rest, state, taken = next, after, taken+takes
	}
	return text[:len(text)-len(rest)]
}

// Wrap breaks text into lines of at most width columns: at spaces, and beside letters of
// scripts that are written without spaces, where Unicode allows it (UAX #14). A word that is
// longer than a line stays whole, so that paths and commands can be copied.
func Wrap(text string, width int) []string {
	var lines []string
	var line strings.Builder
	taken := 0
	for _, word := range strings.Fields(text) {
		for i, part := range breakable(word) {
			blank, takes := 0, Width(part)
			if i == 0 && taken > 0 {
				blank = 1
			}
			if taken > 0 && taken+blank+takes > width {
				lines = append(lines, line.String())
				line.Reset()
				taken, blank = 0, 0
			}
			if blank > 0 {
				line.WriteByte(' ')
			}
			line.WriteString(part)
			taken += blank + takes
		}
	}
	return append(lines, line.String())
}

// breakable are the parts of a word between which a line may end: beside a wide letter, so
// that names and options in Latin letters stay whole.
func breakable(word string) []string {
	if narrow(word) {
		return []string{word}
	}
	var parts []string
	part, state, rest := "", -1, word
	for rest != "" {
		var next string
		next, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		part += next
		if rest == "" || wide(lastRune(part)) || wide([]rune(rest)[0]) {
			parts, part = append(parts, part), ""
		}
	}
	return parts
}

// firstWide is the first letter that takes two columns: that of the block Hangul Jamo.
const firstWide = 0x1100

func narrow(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= firstWide && wide(r) })
}

func wide(r rune) bool { return r >= firstWide && uniseg.StringWidth(string(r)) == 2 }

func lastRune(text string) rune {
	runes := []rune(text)
	return runes[len(runes)-1]
}

// Clean replaces characters that are not seen, so that a name chosen by an attacker
// cannot move the cursor, colour the report, change the order of what is around it or
// look like another name.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, invisible...) {
			return '\uFFFD'
		}
		return r
	}, s)
}

// invisible are characters without a shape of their own: controls of terminals and of the
// direction of text, spaces of no width, tags, separators of lines, and fillers.
var invisible = []*unicode.RangeTable{unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point}
