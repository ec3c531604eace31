package dockerfile

import (
	"maps"
	"slices"

	"github.com/moby/buildkit/frontend/dockerfile/shell"

	"seawall/source/unresolved"
)

// builderArgs are the build arguments that the builder sets by itself, from the platforms
// and the caller (docs.docker.com, "Automatic platform ARGs in the global scope").
var builderArgs = []string{
	"BUILDARCH", "BUILDOS", "BUILDPLATFORM", "BUILDVARIANT", "TARGETARCH", "TARGETOS", "TARGETPLATFORM", "TARGETSTAGE", "TARGETVARIANT",
}

// scope are the variables of a stage. Values may hold open ones (see package unresolved).
type scope struct {
	env  map[string]string
	args map[string]string
	// open: there may be more variables, those of a base image that is not known.
	open bool
}

func newScope() scope { return scope{env: map[string]string{}, args: map[string]string{}} }

func (s scope) clone() scope {
	return scope{env: maps.Clone(s.env), args: map[string]string{}, open: s.open}
}

// Get is the value of a variable; what ENV sets goes before arguments.
func (s scope) Get(name string) (string, bool) {
	if v, has := s.env[name]; has {
		return v, true
	}
	if v, has := s.args[name]; has {
		return v, true
	}
	if s.open {
		return unresolved.Value("$" + name), true
	}
	return "", false
}

// Keys are the names of the variables.
func (s scope) Keys() []string {
	return slices.Concat(slices.Collect(maps.Keys(s.env)), slices.Collect(maps.Keys(s.args)))
}

// watched is a scope that remembers whether it was asked for an open value.
type watched struct {
	scope
	asked *bool
}

// Get is that of the scope.
func (w watched) Get(name string) (string, bool) {
	v, has := w.scope.Get(name)
	if _, open := unresolved.In(v); open {
		*w.asked = true
	}
	return v, has
}

// expander fills variables in.
type expander struct {
	lex *shell.Lex
}

// word fills the variables of one word in. What an open variable decides is open as a
// whole, such as ${X:+y}, and so is what grows beyond the bound.
func (e expander) word(word string, s scope) (string, error) {
	asked := false
	out, _, err := e.lex.ProcessWord(word, watched{s, &asked})
	if err != nil {
		return "", err
	}
	return settled(word, out, asked), nil
}

// words is [expander.word] for text that may become several words.
func (e expander) words(text string, s scope) ([]string, error) {
	asked := false
	out, err := e.lex.ProcessWords(text, watched{s, &asked})
	if err != nil {
		return nil, err
	}
	for i := range out {
		out[i] = settled(text, out[i], asked)
	}
	return out, nil
}

func settled(word, out string, asked bool) string {
	if _, open := unresolved.In(out); len(out) > maxValue || asked && !open {
		return unresolved.Value(word)
	}
	return out
}
