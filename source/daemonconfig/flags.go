package daemonconfig

import (
	"slices"
	"strconv"
	"strings"

	"seawall/snapshot"
)

// ParseArgs reads the command line of a dockerd, without its first word. It
// takes flags as dockerd does (spf13/pflag): "--icc=false", "--group docker",
// "-D", "-H unix:///s", "-Hunix:///s", repeated lists. A flag that is not
// known is named in Unknown; whether it takes the next word cannot be told.
func ParseArgs(source string, args []string) Config {
	p := argParser{c: Config{Source: source}, long: map[string]key{}, short: map[byte]key{}}
	for _, k := range keys() {
		if k.flag != "" {
			p.long[k.flag] = k
		}
		if k.short != 0 {
			p.short[k.short] = k
		}
	}
	for len(args) > 0 && args[0] != "--" {
		arg := args[0]
		args = args[1:]
		switch {
		case strings.HasPrefix(arg, "--"):
			args = p.longFlag(arg[2:], args)
		case strings.HasPrefix(arg, "-") && len(arg) > 1:
			args = p.shortFlags(arg[1:], args)
		}
	}
	slices.Sort(p.c.Unknown)
	p.c.Unknown = slices.Compact(p.c.Unknown)
	return p.c
}

type argParser struct {
	c     Config
	long  map[string]key
	short map[byte]key
}

// longFlag reads name or name=value and returns the words left over.
func (p *argParser) longFlag(arg string, rest []string) []string {
	name, value, assigned := strings.Cut(arg, "=")
	k, ok := p.long[name]
	if !ok {
		p.c.Unknown = append(p.c.Unknown, "--"+name)
		return rest
	}
	if !assigned {
		value, rest = p.nextValue(k, rest)
	}
	p.give(k, value)
	return rest
}

// shortFlags reads a cluster of one-letter flags: "D", "Dldebug", "H=unix://s".
func (p *argParser) shortFlags(arg string, rest []string) []string {
	for i := range len(arg) {
		k, ok := p.short[arg[i]]
		if !ok {
			p.c.Unknown = append(p.c.Unknown, "-"+arg[i:i+1])
			return rest
		}
		after := arg[i+1:]
		switch {
		case strings.HasPrefix(after, "="):
			p.give(k, after[1:])
			return rest
		case k.kind == boolean:
			p.give(k, "true")
		case after != "":
			p.give(k, after)
			return rest
		default:
			value, rest := p.nextValue(k, rest)
			p.give(k, value)
			return rest
		}
	}
	return rest
}

// nextValue takes a flag's value from the next word. A switch takes none.
func (p *argParser) nextValue(k key, rest []string) (string, []string) {
	if k.kind == boolean {
		return "true", rest
	}
	if len(rest) == 0 {
		return "", nil
	}
	return rest[0], rest[1:]
}

func (p *argParser) give(k key, value string) {
	old := p.c.values[k.id()]
	switch k.kind {
	case boolean:
		b, err := strconv.ParseBool(value)
		if err != nil {
			p.c.Unknown = append(p.c.Unknown, "--"+k.flag+"="+snapshot.RedactString(value))
			return
		}
		p.c.set(k.id(), Value{Text: strconv.FormatBool(b)})
	case text:
		p.c.set(k.id(), Value{Text: secretText(k.id(), value)})
		p.c.noteProxy(k.id(), value)
	case list:
		p.c.set(k.id(), Value{List: append(old.List, snapshot.RedactString(value))})
	case object:
		items := append(old.List, flagObject(k.name, value))
		slices.Sort(items)
		p.c.set(k.id(), Value{List: slices.Compact(items)})
	}
}

// flagObject is the value of a repeated name=value flag in the form that
// fileObject gives the same setting of the file.
func flagObject(name, value string) string {
	field, rest, _ := strings.Cut(value, "=")
	switch {
	case namesOnly(name):
		return field
	case name == "default-ulimits":
		return field + "=" + bothLimits(rest)
	}
	return snapshot.RedactString(value)
}

// bothLimits completes a ulimit: a single number is soft and hard limit.
func bothLimits(s string) string {
	if s == "" || strings.Contains(s, ":") {
		return s
	}
	return s + ":" + s
}
