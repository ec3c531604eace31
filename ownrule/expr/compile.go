package expr

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"seawall/lang"
	"seawall/near"
)

// Fault is a mistake in an expression.
type Fault struct {
	// Offset is where it is, in characters from the expression's start.
	Offset int
	Text   string
}

// Condition compiles an expression about a kind of subject that is true or
// false.
func Condition(subject, text string) (*Program, []Fault) {
	return compile(subject, text, func(t *cel.Type) string {
		if t.Kind() != types.BoolKind {
			return lang.Sprintf("its value is of type %s: want a condition, true or false", cel.FormatCELType(t))
		}
		return ""
	})
}

// Value compiles an expression whose value can be shown in a message.
func Value(subject, text string) (*Program, []Fault) {
	return compile(subject, text, func(t *cel.Type) string {
		if !worded(t) {
			return lang.Sprintf("values of type %s cannot be shown: name a part of it", cel.FormatCELType(t))
		}
		return ""
	})
}

func compile(subject, text string, refuse func(*cel.Type) string) (*Program, []Fault) {
	w, err := newWorld()
	if err != nil {
		return nil, []Fault{{0, err.Error()}}
	}
	e, err := w.env(subject)
	if err != nil {
		return nil, []Fault{{0, err.Error()}}
	}
	if strings.TrimSpace(text) == "" {
		return nil, []Fault{{0, lang.T("there is no expression")}}
	}
	if n := utf8.RuneCountInString(text); n > maxLength {
		return nil, []Fault{{0, lang.Sprintf("%d characters: an expression has at most %d", n, maxLength)}}
	}
	checked, issues := e.Compile(text)
	if issues.Err() != nil {
		return nil, w.faults(e, subject, text, issues)
	}
	faults := restrict(checked, text)
	if reason := refuse(checked.OutputType()); reason != "" {
		faults = append(faults, Fault{0, reason})
	}
	if estimate, err := e.EstimateCost(checked, sizes{}); err == nil && estimate.Min > limits[0].cost {
		faults = append(faults, Fault{0, lang.Sprintf("it costs at least %d steps: the limit is %d", estimate.Min, limits[0].cost)})
	}
	if len(faults) > 0 {
		return nil, faults
	}
	p := newProgram(e, checked)
	if _, err := p.plans[0](); err != nil {
		return nil, []Fault{{0, plain(err.Error())}}
	}
	return p, nil
}

// faults puts what CEL found wrong into our words, each place once.
func (w *world) faults(e *cel.Env, subject, text string, issues *cel.Issues) []Fault {
	var out []Fault
	for _, err := range issues.Errors() {
		f := Fault{offset(text, err.Location.Line(), err.Location.Column()), plain(err.Message)}
		f = w.suggest(e, subject, text, f)
		if !slices.ContainsFunc(out, func(o Fault) bool { return o.Offset == f.Offset }) {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b Fault) int { return cmp.Compare(a.Offset, b.Offset) })
	return out
}

// offset turns CEL's line (from 1) and column (from 0) into characters.
func offset(text string, line, column int) int {
	at := 0
	for l := range strings.Lines(text) {
		if line--; line <= 0 {
			break
		}
		at += len([]rune(l))
	}
	return max(0, at+column)
}

var (
	expecting  = regexp.MustCompile(`(?s) expecting \{.*`)
	overload   = regexp.MustCompile(`^found no matching overload for '([^']+)' applied to '(.*)'$`)
	undefined  = regexp.MustCompile(`^undefined field '([^']+)'$`)
	undeclared = regexp.MustCompile(`^undeclared reference to '([^']+)'`)
)

// plain takes out of CEL's message what only its makers need.
func plain(message string) string {
	message = strings.Join(strings.Fields(expecting.ReplaceAllString(message, "")), " ")
	message = strings.TrimPrefix(message, "Syntax error: ")
	if strings.HasSuffix(message, "input '<EOF>'") {
		return lang.T("the expression ends too soon")
	}
	if m := overload.FindStringSubmatch(message); m != nil {
		name := m[1]
		if symbol, ok := operators.FindReverse(name); ok && symbol != "" {
			name = symbol
		}
		return lang.Sprintf("%s cannot be applied to %s", name, m[2])
	}
	return message
}

// suggest names what was probably meant by an unknown name.
func (w *world) suggest(e *cel.Env, subject, text string, f Fault) Fault {
	runes := []rune(text)
	rest := string(runes[min(f.Offset, len(runes)):])
	if m := undefined.FindStringSubmatch(f.Text); m != nil {
		if at := strings.Index(rest, m[1]); at >= 0 && at <= 2 {
			f.Offset += at // past the dot
		}
		if s := w.provider.lookedIn(m[1]); s != nil {
			f.Text = didYouMean(lang.Sprintf("a %s has no field %q", s.name, m[1]), m[1], s.names(), lang.Sprintf("its fields: %s", strings.Join(s.names(), ", ")))
		}
		return f
	}
	m := undeclared.FindStringSubmatch(f.Text)
	switch {
	case m == nil:
	case strings.HasPrefix(rest, "("):
		f.Offset -= utf8.RuneCountInString(m[1])
		f.Text = didYouMean(lang.Sprintf("unknown function %q", m[1]), m[1], functionNames(e), "")
	default:
		f.Text = didYouMean(lang.Sprintf("unknown name %q", m[1]), m[1], Names(subject), lang.Sprintf("an expression about a %s sees %s", subject, strings.Join(Names(subject), ", ")))
	}
	return f
}

// functionNames are the functions without the operators.
func functionNames(e *cel.Env) []string {
	names := slices.Sorted(maps.Keys(e.Functions()))
	return slices.DeleteFunc(names, func(n string) bool { return n == "in" || strings.ContainsAny(n[:1], "_@!-") })
}

// didYouMean adds to what is unknown the name that was probably meant, or else what there
// is.
func didYouMean(unknown, name string, names []string, all string) string {
	if n := near.Match(name, names); n != "" {
		return lang.Sprintf("%s: did you mean %q?", unknown, n)
	}
	if all == "" {
		return unknown
	}
	return unknown + ": " + all
}
