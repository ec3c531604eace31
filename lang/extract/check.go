package extract

import (
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"seawall/lang"
)

// Check says what is wrong with a catalog: texts that are not translated, translations of
// texts that are no more, and translations that cannot stand for their texts.
func (p Package) Check(texts lang.Texts) []string {
	var out []string
	for _, t := range p.Texts {
		translation := texts[t.Key]
		switch {
		case translation == "":
			out = append(out, fmt.Sprintf("not translated: %q (%s)", t.Text, t.Places[0]))
		default:
			for _, fault := range faults(t.Text, translation) {
				out = append(out, fmt.Sprintf("%s: %q as %q", fault, t.Text, translation))
			}
		}
	}
	for _, k := range p.Stale(texts) {
		out = append(out, fmt.Sprintf("stale: no text of the program is %q", k.Text))
	}
	return out
}

var (
	words       = regexp.MustCompile(`\b[a-z]{2,} [a-z]{2,}\b`)
	verb        = regexp.MustCompile(`%(?:\[(\d+)\])?[-+# 0]*(?:\d+|\*)?(?:\.(?:\d+|\*))?([a-zA-Z%])`)
	placeholder = regexp.MustCompile(`\{[a-z]+\}`)
)

// faults are the reasons why a translation cannot stand for a text.
func faults(text, translation string) []string {
	var out []string
	if !maps.Equal(verbs(text), verbs(translation)) {
		out = append(out, "other verbs")
	}
	if !maps.Equal(counts(placeholder, text), counts(placeholder, translation)) {
		out = append(out, "other placeholders")
	}
	if words.MatchString(text) && !strings.ContainsFunc(translation, foreign) {
		out = append(out, "not a translation")
	}
	if blanks(text) != blanks(translation) {
		out = append(out, "other blanks at the ends")
	}
	return out
}

// verbs are the verbs of a format by the argument that they show.
func verbs(format string) map[string]string {
	found := map[string]string{}
	next := 1
	for _, m := range verb.FindAllStringSubmatch(format, -1) {
		if m[2] == "%" {
			continue
		}
		if m[1] != "" {
			next, _ = strconv.Atoi(m[1])
		}
		found[strconv.Itoa(next)] = m[2]
		next++
	}
	return found
}

func counts(what *regexp.Regexp, text string) map[string]int {
	found := map[string]int{}
	for _, m := range what.FindAllString(text, -1) {
		found[m] = 1
	}
	return found
}

// foreign reports whether the rune is a letter beyond those of English.
func foreign(r rune) bool { return unicode.IsLetter(r) && r > unicode.MaxLatin1 }

// blanks are the line ends at the beginning and the end of a text, which layouts rely on.
func blanks(text string) [2]int {
	lead := len(text) - len(strings.TrimLeft(text, "\n"))
	return [2]int{lead, len(text) - len(strings.TrimRight(text, "\n"))}
}
