package lang

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Recorded is the context of texts that are kept in English where no language belongs, as in
// a snapshot, and translated when they are shown.
const Recorded = "recorded"

// Recordf is fmt.Sprintf with a format that Reword translates later.
func Recordf(format string, args ...any) string {
	return fmt.Sprintf(format, args...)
}

// RecordErrorf is fmt.Errorf with a format that Reword translates later.
func RecordErrorf(format string, args ...any) error {
	return fmt.Errorf(format, args...)
}

// Reword is a text that was kept in English, in the language that is spoken: one that is
// known as a whole, or that Recordf or RecordErrorf made, or either with an aside in brackets. What it does not know it leaves.
func Reword(text string) string {
	s := current.Load()
	if s == nil || text == "" {
		return text
	}
	for _, context := range []string{"", Recorded} {
		if translation, ok := s.texts[Key{context, text}]; ok {
			return translation
		}
	}
	s.once.Do(func() { s.forms = forms(s.texts) })
	for _, f := range s.forms {
		if found := f.pattern.FindStringSubmatch(text); found != nil {
			return f.fill(found[1:])
		}
	}
	if head, aside, is := strings.Cut(text, " ("); is && strings.HasSuffix(aside, ")") {
		if reworded := Reword(head); reworded != head {
			return Bracket(reworded, Reword(strings.TrimSuffix(aside, ")")))
		}
	}
	return text
}

// form is a recorded text with places for values.
type form struct {
	pattern     *regexp.Regexp
	literal     int // bytes of it that are no values
	translation string
}

// shortestForm is how many bytes of a recorded text must not be values: less says too little
// to know it again.
const shortestForm = 6

// verbs are the values of a format.
var verbs = regexp.MustCompile(`%(?:\[(\d+)\])?[-+# 0]*(?:\d+|\*)?(?:\.(?:\d+|\*))?([a-zA-Z%])`)

// forms are the recorded texts that have values, those that say most first.
func forms(texts Texts) []form {
	var out []form
	for k, translation := range texts {
		if k.Context != Recorded || !verbs.MatchString(k.Text) || len(verbs.ReplaceAllString(k.Text, "")) < shortestForm {
			continue
		}
		pattern, literal, last := "(?s)^", 0, 0
		for _, at := range verbs.FindAllStringSubmatchIndex(k.Text, -1) {
			pattern += regexp.QuoteMeta(k.Text[last:at[0]])
			literal += at[0] - last
			last = at[1]
			switch k.Text[at[4]:at[5]] {
			case "%":
				pattern += "%"
			case "d":
				pattern += `(-?\d+)`
			case "q":
				pattern += `("(?:[^"\\]|\\.)*")`
			default:
				pattern += "(.+?)"
			}
		}
		pattern += regexp.QuoteMeta(k.Text[last:]) + "$"
		out = append(out, form{regexp.MustCompile(pattern), literal + len(k.Text) - last, translation})
	}
	slices.SortFunc(out, func(a, b form) int {
		return cmp.Or(b.literal-a.literal, strings.Compare(a.pattern.String(), b.pattern.String()))
	})
	return out
}

// fill puts values into the translation, reworded where they are texts themselves.
func (f form) fill(values []string) string {
	next := 0
	return verbs.ReplaceAllStringFunc(f.translation, func(verb string) string {
		m := verbs.FindStringSubmatch(verb)
		if m[2] == "%" {
			return "%"
		}
		if m[1] != "" {
			next, _ = strconv.Atoi(m[1])
			next--
		}
		next++
		if next > len(values) {
			return verb
		}
		return Reword(values[next-1])
	})
}

// onceForms makes forms when they are wanted first.
type onceForms struct {
	once  sync.Once
	forms []form
}
