package dockerfile

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"

	"seawall/snapshot"
	"seawall/source/imagehistory"
	"seawall/source/unresolved"
)

// instruction reads one instruction of a stage: what it sets, and what it does.
func (b *build) instruction(s *stage, cmd instructions.Command) error {
	at := b.at(cmd.Location())
	if c, is := cmd.(instructions.SupportsSingleWordExpansion); is {
		if _, isArg := cmd.(*instructions.ArgCommand); !isArg {
			if err := c.Expand(func(word string) (string, error) { return b.expand.word(word, s.scope) }); err != nil {
				return err
			}
		}
	}
	switch c := cmd.(type) {
	case *instructions.RunCommand:
		b.run(s, c, at)
	case *instructions.AddCommand:
		b.copies(s, imagehistory.Step{Instruction: "ADD", Sources: c.SourcePaths, Checked: c.Checksum != ""}, at)
	case *instructions.CopyCommand:
		b.takes(s, c.From, at)
		step := imagehistory.Step{Instruction: "COPY", Sources: c.SourcePaths}
		if c.From != "" {
			if other := b.numbered(c.From); other != nil && slices.ContainsFunc(c.SourcePaths, isWholeContext) {
				s.whole = append(s.whole, other)
			}
			b.note(s, step, at)
			break
		}
		b.copies(s, step, at)
	case *instructions.EnvCommand:
		b.env(s, c, at)
	case *instructions.ArgCommand:
		b.arg(s, c, at)
	case *instructions.WorkdirCommand:
		s.config.dir = joined(s.config.dir, c.Path)
		b.note(s, imagehistory.Step{Instruction: "WORKDIR", Dir: s.config.dir}, at)
	default:
		return b.setting(&s.config, s, cmd, at)
	}
	return nil
}

// joined is a working directory after WORKDIR; "" where it is not known.
func joined(dir, to string) string {
	if _, open := unresolved.In(to); open {
		return ""
	}
	if path.IsAbs(to) {
		return path.Clean(to)
	}
	if dir == "" {
		return ""
	}
	return path.Join(dir, to)
}

// setting reads an instruction that sets a part of the configuration only.
func (b *build) setting(into *config, s *stage, cmd instructions.Command, at string) error {
	switch c := cmd.(type) {
	case *instructions.UserCommand:
		text, _ := unresolved.In(c.User)
		into.user = value[string]{is: c.User, at: at, open: text}
	case *instructions.HealthCheckCommand:
		into.health = value[bool]{is: len(c.Health.Test) > 0 && c.Health.Test[0] != "NONE", at: at}
	case *instructions.ExposeCommand:
		var ports []string
		for _, p := range c.Ports {
			more, err := b.expand.words(p, s.scope)
			if err != nil {
				return err
			}
			ports = append(ports, more...)
		}
		return into.expose(at, ports)
	case *instructions.VolumeCommand:
		for _, v := range c.Volumes {
			if text, open := unresolved.In(v); open {
				into.volumes.open, into.volumes.at = text, at
				continue
			}
			into.volumes.add(at, v)
		}
	case *instructions.LabelCommand:
		for _, l := range c.Labels {
			if text, open := unresolved.In(l.Key + l.Value); open {
				into.labels.open, into.labels.at = text, at
				continue
			}
			into.labels.add(at, l.Key+"="+l.Value)
		}
	case *instructions.ShellCommand:
		into.shell = c.Shell
	}
	return nil
}

func (b *build) env(s *stage, c *instructions.EnvCommand, at string) {
	step := imagehistory.Step{Instruction: "ENV"}
	set := map[string]string{}
	for _, e := range c.Env {
		set[e.Key] = e.Value
		s.config.setEnv(at, e.Key, e.Value)
		if _, open := unresolved.In(e.Value); !open {
			step.Assigned = append(step.Assigned, e.Key+"="+e.Value)
		}
	}
	for name, v := range set { // one instruction sees the values from before it
		s.scope.env[name] = v
	}
	b.note(s, step, at)
}

func (b *build) arg(s *stage, c *instructions.ArgCommand, at string) {
	step := imagehistory.Step{Instruction: "ARG"}
	for _, a := range c.Args {
		v, has := b.argument(a, s.scope, b.global)
		if has {
			s.scope.args[a.Key] = v
		}
		assigned := a.Key
		if _, open := unresolved.In(v); has && !open {
			assigned += "=" + v
		}
		step.Assigned = append(step.Assigned, assigned)
	}
	b.note(s, step, at)
}

// run reads RUN: what it mounts, what rights it asks for and what it runs.
func (b *build) run(s *stage, c *instructions.RunCommand, at string) {
	for _, m := range instructions.GetMounts(c) {
		b.takes(s, m.From, at)
	}
	step := imagehistory.Step{Instruction: "RUN"}
	if !c.PrependShell {
		step.Exec = c.CmdLine
	} else if step.Script = script(c); !posix(s.config.shell) {
		step.Script = strings.Join(s.config.shell, " ") + " " + step.Script
	}
	b.note(s, step, at)
	if instructions.GetSecurity(c) == instructions.SecurityInsecure {
		b.remark(s, snapshot.BuildRemark{Step: b.steps, Instruction: "RUN", Kind: snapshot.BuildInsecure, What: "--security=insecure"}, at)
	}
	if instructions.GetNetwork(c) == instructions.NetworkHost {
		b.remark(s, snapshot.BuildRemark{Step: b.steps, Instruction: "RUN", Kind: snapshot.BuildHostNet, What: "--network=host"}, at)
	}
}

// posix reports whether the shell of a stage is one whose scripts are read.
func posix(shell []string) bool {
	return len(shell) > 0 && posixShell.MatchString(path.Base(strings.ReplaceAll(shell[0], `\`, "/")))
}

var posixShell = regexp.MustCompile(`^(?:ba|da|a|z|k)?sh$`)

// soleHeredoc matches a command that is nothing but a here-document, which the shell gets
// as its script.
var soleHeredoc = regexp.MustCompile(`^<<-?(["']?)[A-Za-z0-9_.]+["']?$`)

// script is what RUN hands to the shell.
func script(c *instructions.RunCommand) string {
	text := strings.Join(c.CmdLine, " ")
	if len(c.Files) == 1 && soleHeredoc.MatchString(strings.TrimSpace(text)) {
		return c.Files[0].Data
	}
	for _, f := range c.Files {
		text += "\n" + f.Data + f.Name
	}
	return text
}

// copies reads ADD, and COPY from the build context.
func (b *build) copies(s *stage, step imagehistory.Step, at string) {
	known := step
	known.Sources = nil
	for _, source := range step.Sources {
		text, open := unresolved.In(source)
		if !open {
			known.Sources = append(known.Sources, source)
			continue
		}
		if strings.HasPrefix(source, "https://") || strings.HasPrefix(source, "http://") {
			known.Sources = append(known.Sources, unresolved.Text(source))
			continue
		}
		s.open = text
		if b.o.Context.Ignore != Ignored {
			b.remark(s, snapshot.BuildRemark{Step: b.steps, Instruction: step.Instruction, Kind: snapshot.BuildContextUnseen, What: text}, at)
		}
	}
	b.note(s, known, at)
	if whole := slices.IndexFunc(known.Sources, isWholeContext); whole >= 0 && b.o.Context.Ignore != Ignored {
		b.remark(s, snapshot.BuildRemark{Step: b.steps, Instruction: step.Instruction, Kind: b.o.Context.kind(), What: strconv.Quote(known.Sources[whole])}, at)
	}
}

// isWholeContext reports whether a source is all of the build context.
func isWholeContext(source string) bool {
	source = path.Clean(source)
	return source == "." || source == "/" || source == "*"
}

// note keeps the remarks on a step.
func (b *build) note(s *stage, step imagehistory.Step, at string) {
	step.Number = b.steps
	for _, r := range step.Remarks() {
		b.remark(s, r, at)
	}
}

func (b *build) remark(s *stage, r snapshot.BuildRemark, at string) {
	r.Where = at
	s.remarks = append(s.remarks, r)
}
