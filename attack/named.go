package attack

import (
	"fmt"
	"strings"

	"seawall/lang"
)

// NameForm is how names of states are put together where the field has none: "the keys of
// the agent at %s". States have them in English, for ids hold them; [InWords] is what
// people read.
type NameForm struct {
	text  string
	parts []string // what stands around the verbs
}

// nameForms are all forms. Packages make theirs as variables, before anything reads them.
var nameForms []*NameForm

// NewNameForm makes a form of a text with verbs %s. Callers mark the text with lang.N.
func NewNameForm(text string) *NameForm {
	f := &NameForm{text, strings.Split(text, "%s")}
	nameForms = append(nameForms, f)
	return f
}

// Of is the name, in English.
func (f *NameForm) Of(args ...string) string {
	var b strings.Builder
	for i, part := range f.parts {
		if i > 0 {
			b.WriteString(args[i-1])
		}
		b.WriteString(part)
	}
	return b.String()
}

// args are what a name has in place of the verbs; false if it is not of the form.
func (f *NameForm) args(name string) ([]string, bool) {
	last := len(f.parts) - 1
	rest, begins := strings.CutPrefix(name, f.parts[0])
	rest, ends := strings.CutSuffix(rest, f.parts[last])
	if !begins || !ends {
		return nil, false
	}
	var out []string
	for _, part := range f.parts[1:last] {
		arg, after, found := strings.Cut(rest, part)
		if !found {
			return nil, false
		}
		out, rest = append(out, arg), after
	}
	return append(out, rest), true
}

// fixed is how much of the form's names is always the same.
func (f *NameForm) fixed() int { return len(f.text) - 2*(len(f.parts)-1) }

// InWords is a name of a state or the detail of a change in the language that is spoken.
// What is not made of words stays as it is.
func InWords(name string) string {
	if lang.Tag() == lang.English || !strings.Contains(name, " ") {
		return name
	}
	if text := lang.T(name); text != name {
		return text
	}
	var best *NameForm
	var args []any
	for _, f := range nameForms {
		found, is := f.args(name)
		if !is || best != nil && f.fixed() <= best.fixed() {
			continue
		}
		best, args = f, make([]any, len(found))
		for i, arg := range found {
			args[i] = InWords(arg)
		}
	}
	if best == nil {
		return name
	}
	return fmt.Sprintf(lang.T(best.text), args...)
}
