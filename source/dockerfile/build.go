package dockerfile

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/unresolved"
)

// build is the reading of one file.
type build struct {
	name   string
	o      Options
	global map[string]string // arguments before the first FROM
	expand expander
	stages []*stage
	steps  int // instructions read
}

// stage is one stage of the build.
type stage struct {
	name    string // "" if it has none
	number  int    // from 0
	at      string
	base    *stage   // the stage that it builds on; nil: an image
	uses    []*stage // others whose files it copies or mounts
	whole   []*stage // those of which it copies everything
	images  []snapshot.BaseImage
	openRef string // the text of what is not known of an image's name
	config  config
	scope   scope
	remarks []snapshot.BuildRemark
	open    string // the text of a value on which a remark depends
}

func newBuild(name string, o Options, args []instructions.ArgCommand, escape rune) *build {
	b := &build{name: name, o: o, global: map[string]string{}, expand: expander{shell.NewLex(escape)}}
	s := newScope()
	for _, arg := range builderArgs {
		s.args[arg] = unresolved.Value("$" + arg)
	}
	for i := range args {
		for _, a := range args[i].Args {
			v, _ := b.argument(a, s, nil) // without a value it is empty here
			s.args[a.Key], b.global[a.Key] = v, v
		}
	}
	for _, arg := range builderArgs {
		if _, has := b.global[arg]; !has {
			b.global[arg] = s.args[arg]
		}
	}
	return b
}

// argument is the value of a build argument: the one that is given, or its default, or
// that before the first FROM. It is open where whoever builds may give one.
func (b *build) argument(a instructions.KeyValuePairOptional, s scope, global map[string]string) (string, bool) {
	if v, given := b.o.Args[a.Key]; given {
		return v, true
	}
	if a.Value != nil {
		v, err := b.expand.word(*a.Value, s)
		if err != nil {
			return unresolved.Value(*a.Value), true
		}
		return v, true
	}
	if v, has := global[a.Key]; has {
		return v, true
	}
	if b.o.AllArgs && !slices.Contains(builderArgs, a.Key) {
		return "", false
	}
	return unresolved.Value("$" + a.Key), true
}

// at is the place of an instruction.
func (b *build) at(location []parser.Range) string {
	if b.o.Place != "" {
		return b.o.Place
	}
	if len(location) == 0 {
		return b.name
	}
	return b.name + ":" + strconv.Itoa(location[0].Start.Line)
}

// add reads the next stage.
func (b *build) add(in *instructions.Stage) error {
	s := &stage{name: in.Name, number: len(b.stages), at: b.at(in.Location)}
	if err := b.from(s, in); err != nil {
		return fmt.Errorf("%s: %w", s.at, err)
	}
	for _, cmd := range in.Commands {
		b.steps++
		if err := b.instruction(s, cmd); err != nil {
			return fmt.Errorf("%s: %s", b.at(cmd.Location()), shorten(oneLine(err.Error())))
		}
	}
	b.stages = append(b.stages, s)
	return nil
}

// oneLine is an error of the library without line ends and trace.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// from finds what a stage builds on.
func (b *build) from(s *stage, in *instructions.Stage) error {
	global := scope{args: b.global, open: true} // one that is not declared is a mistake, or filled in by others
	ref, err := b.expand.word(in.BaseName, global)
	if err != nil {
		return err
	}
	if s.base = b.stage(ref); s.base != nil {
		s.config, s.scope = s.base.config, s.base.scope.clone()
		return nil
	}
	s.scope = newScope()
	s.config = config{from: s.at, dir: "/", shell: []string{"/bin/sh", "-c"}}
	switch text, open := unresolved.In(ref); {
	case ref == "" || open:
		text = cmp.Or(text, in.BaseName)
		g := openGap(text)
		s.config.base, s.openRef = &g, text
	case ref == "scratch":
		return nil
	default:
		s.config.base = &snapshot.Gap{
			Reason: snapshot.ReasonNotCollected, Detail: lang.Recordf("what the base image %s brings is not in the file", ref),
			Remedy: lang.N("build it, and audit it with --image"),
		}
		s.images = append(s.images, snapshot.BaseImage{Ref: ref, Where: s.at})
	}
	s.scope.open, s.config.dir = true, ""
	return nil
}

// stage finds an earlier stage by its name; nil if there is none.
func (b *build) stage(name string) *stage {
	for _, s := range slices.Backward(b.stages) {
		if s.name != "" && strings.EqualFold(s.name, name) {
			return s
		}
	}
	return nil
}

// takes notes from where a stage copies or mounts files: a stage by its name or number,
// else an image.
func (b *build) takes(s *stage, from, at string) {
	if from == "" {
		return
	}
	if other := b.numbered(from); other != nil {
		s.uses = append(s.uses, other)
		return
	}
	if text, open := unresolved.In(from); open {
		s.openRef = text
		return
	}
	if from != "scratch" && !slices.Contains(b.contexts(), from) {
		s.images = append(s.images, snapshot.BaseImage{Ref: from, Where: at})
	}
}

// numbered finds an earlier stage by its number or name; nil if there is none.
func (b *build) numbered(name string) *stage {
	if n, err := strconv.Atoi(name); err == nil && n >= 0 && n < len(b.stages) {
		return b.stages[n]
	}
	return b.stage(name)
}

// contexts are the names of further build contexts, which look like images.
func (b *build) contexts() []string { return b.o.Context.Named }

// target is the stage that is built.
func (b *build) target() (*stage, error) {
	if b.o.Target == "" {
		return b.stages[len(b.stages)-1], nil
	}
	if s := b.numbered(b.o.Target); s != nil {
		return s, nil
	}
	return nil, lang.Errorf("%s: no stage is named %q", b.name, shorten(b.o.Target))
}
