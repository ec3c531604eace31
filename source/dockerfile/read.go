package dockerfile

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/unresolved"
)

// Bounds of what is read: bytes of a file, its stages, its instructions, and bytes of a
// value whose variables have been filled in.
const (
	MaxSize         = 1 << 20
	maxStages       = 256
	maxInstructions = 10_000
	maxValue        = 64 << 10
)

// Options say how a Dockerfile is to be built.
type Options struct {
	// Target is the stage to build; empty: the last one.
	Target string
	// Args are build arguments. AllArgs: there are no others, so an argument without a
	// default has no value, and is not open.
	Args    map[string]string
	AllArgs bool
	// Tag is the name that the image gets, if one is known.
	Tag string
	// Context tells what is known of the build context.
	Context Context
	// Place stands for the place of every instruction, for a file that is part of another;
	// empty: their own.
	Place string
	// Given are remarks on how whoever builds it does so.
	Given []snapshot.BuildRemark
}

// Read tells which image a Dockerfile makes. Name is the file, as reports name it. An
// error is one line that begins with the file, and the line where that is known.
func Read(name string, content []byte, o Options) (snapshot.Image, error) {
	stages, args, escape, err := parse(name, content)
	if err != nil {
		return snapshot.Image{}, err
	}
	b := newBuild(name, o, args, escape)
	for i := range stages {
		if err := b.add(&stages[i]); err != nil {
			return snapshot.Image{}, err
		}
	}
	last, err := b.target()
	if err != nil {
		return snapshot.Image{}, err
	}
	return b.image(last), nil
}

// Looks reports whether a file looks like a Dockerfile: its first instruction is FROM or
// ARG.
func Looks(content []byte) bool { return firstInstruction.Match(content) }

var firstInstruction = regexp.MustCompile(`(?i)^(?:\s*(?:#[^\n]*)?\n)*\s*(?:FROM|ARG)[ \t]+\S`)

// parse reads the instructions of a file.
func parse(name string, content []byte) ([]instructions.Stage, []instructions.ArgCommand, rune, error) {
	fail := func(text string) ([]instructions.Stage, []instructions.ArgCommand, rune, error) {
		return nil, nil, 0, fmt.Errorf("%s: %s", name, text)
	}
	if len(content) > MaxSize {
		return fail(lang.Sprintf("larger than %d KiB", MaxSize>>10))
	}
	if strings.ContainsAny(string(content), unresolved.Reserved+unresolved.Split) {
		return fail(lang.T("characters U+0000, U+E000 and U+E001 are not allowed"))
	}
	tree, err := parser.Parse(bytes.NewReader(content))
	if err != nil {
		return nil, nil, 0, explain(name, err)
	}
	if len(tree.AST.Children) > maxInstructions {
		return fail(lang.Sprintf("more than %d instructions", maxInstructions))
	}
	stages, args, err := instructions.Parse(tree.AST, nil)
	switch {
	case err != nil:
		return nil, nil, 0, explain(name, err)
	case len(stages) == 0:
		return fail(lang.T("no FROM: it builds no image"))
	case len(stages) > maxStages:
		return fail(lang.Sprintf("more than %d stages", maxStages))
	}
	return stages, args, tree.EscapeToken, nil
}

// explain makes one line of an error of the parser: the file, the line, what is wrong.
func explain(name string, err error) error {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if m := onLine.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("%s:%s: %s", name, m[1], shorten(m[2]))
	}
	var at *parser.LocationError
	if errors.As(err, &at) && len(at.Locations) > 0 && len(at.Locations[0]) > 0 && at.Locations[0][0].Start.Line > 0 {
		return fmt.Errorf("%s:%d: %s", name, at.Locations[0][0].Start.Line, shorten(text))
	}
	return fmt.Errorf("%s: %s", name, shorten(text))
}

// onLine is how the parser says where it stopped.
var onLine = regexp.MustCompile(`^dockerfile parse error on line ([0-9]+): (.*)$`)

// shorten keeps an error short: it may quote the file, and with it a secret.
func shorten(text string) string {
	const most = 160
	text = snapshot.RedactString(strings.ToValidUTF8(text, ""))
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return cmp.Or(text, lang.T("it cannot be understood"))
}
