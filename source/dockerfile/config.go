package dockerfile

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/unresolved"
)

// config is the configuration of a stage's image as far as the file sets it.
type config struct {
	// base is why what the file does not set is not known; nil where it is: from
	// scratch there is nothing else.
	base *snapshot.Gap
	// from is where the stage that has the base begins.
	from string

	user    value[string]
	health  value[bool]
	env     list[snapshot.EnvVar]
	exposed list[string]
	volumes list[string]
	labels  list[string] // name=value
	// dir is the working directory; "" where it is not known.
	dir   string
	shell []string
}

// value is a setting of which the last one counts.
type value[T any] struct {
	is   T
	at   string // "Dockerfile:12"; "": it is not set
	open string // the text of what is not known of it
}

// list is a setting to which instructions add.
type list[T any] struct {
	elements []T
	at       string // of the last instruction that adds to it
	open     string // the text of what is not known of it
}

func (l *list[T]) add(at string, elements ...T) {
	l.elements = append(slices.Clip(l.elements), elements...)
	l.at = at
}

// openGap is why something with an open value is not known.
func openGap(text string) snapshot.Gap {
	return snapshot.Gap{Reason: snapshot.ReasonUnresolved, Detail: lang.Recordf("the file has %s, whose value is not known", text), Remedy: lang.N("give the argument a default")}
}

// maxNames bounds ports and volumes, as for an image of an engine.
const maxNames = 256

// valueFact is the fact of a setting.
func valueFact[T any](v value[T], instruction string, c *config, otherwise T) snapshot.Fact[T] {
	switch {
	case v.open != "":
		return snapshot.Lost[T](openGap(v.open), snapshot.At(instruction, v.at))
	case v.at != "":
		return snapshot.See(v.is, snapshot.At(instruction, v.at))
	case c.base != nil:
		return snapshot.Lost[T](*c.base, snapshot.At(instruction, c.from))
	}
	return snapshot.See(otherwise, snapshot.At(instruction, c.from))
}

// listFact is the fact of a list: what the file adds is there, and the base image may
// have more.
func listFact[T, U any](l list[T], convert func([]T) U, instruction string, c *config) snapshot.Fact[U] {
	o := snapshot.At(instruction, cmp.Or(l.at, c.from))
	switch {
	case l.open != "":
		return snapshot.Part(convert(l.elements), openGap(l.open), o)
	case c.base != nil:
		return snapshot.Part(convert(l.elements), *c.base, o)
	}
	return snapshot.See(convert(l.elements), o)
}

// namesFact is the fact of a set of names. Of more than the bound none are kept.
func namesFact(l list[string], instruction string, c *config) snapshot.Fact[[]string] {
	l.elements = sorted(l.elements)
	if n := len(l.elements); n > maxNames {
		return snapshot.Lost[[]string](snapshot.Gap{
			Reason: snapshot.ReasonUnsupported, Detail: lang.Recordf("there are %d, and at most %d are read", n, maxNames),
		}, snapshot.At(instruction, l.at))
	}
	return listFact(l, func(v []string) []string { return v }, instruction, c)
}

// sorted are the names of a set.
func sorted(names []string) []string { return slices.Compact(slices.Sorted(slices.Values(names))) }

// setEnv notes a variable. The value of one whose name tells of a secret decides whether
// it holds one.
func (c *config) setEnv(at, name, val string) {
	text, open := unresolved.In(val)
	if open && snapshot.SecretName(name) {
		c.env.open, c.env.at = text, at
		return
	}
	c.env.elements = slices.DeleteFunc(slices.Clone(c.env.elements), func(v snapshot.EnvVar) bool { return v.Name == name })
	c.env.add(at, snapshot.RedactEnv(name+"="+unresolved.Text(val)))
}

// expose notes the ports of EXPOSE: "80", "53/udp", "8000-8010".
func (c *config) expose(at string, specs []string) error {
	for _, spec := range specs {
		if text, open := unresolved.In(spec); open {
			c.exposed.open, c.exposed.at = text, at
			continue
		}
		ports, err := portsOf(spec)
		if err != nil {
			return err
		}
		c.exposed.add(at, ports...)
	}
	return nil
}

// portsOf reads one port or range, which may have an address and a host port before it.
func portsOf(spec string) ([]string, error) {
	ports, protocol, _ := strings.Cut(spec, "/")
	ports = ports[strings.LastIndexByte(ports, ':')+1:]
	first, last, _ := strings.Cut(ports, "-")
	from, err := strconv.ParseUint(first, 10, 16)
	if err != nil {
		return nil, lang.Errorf("EXPOSE: %q is no port", shorten(spec))
	}
	to, err := strconv.ParseUint(cmp.Or(last, first), 10, 16)
	if err != nil || to < from {
		return nil, lang.Errorf("EXPOSE: %q is no range of ports", shorten(spec))
	}
	var out []string
	for p := from; p <= to; p++ {
		out = append(out, strconv.FormatUint(p, 10)+"/"+strings.ToLower(cmp.Or(protocol, "tcp")))
	}
	return out, nil
}

// fill writes the configuration into an image.
func (c *config) fill(i *snapshot.Image) {
	i.User = valueFact(c.user, "USER", c, "")
	i.Health = valueFact(c.health, "HEALTHCHECK", c, false)
	i.Env = listFact(c.env, func(v []snapshot.EnvVar) []snapshot.EnvVar { return v }, "ENV", c)
	i.Exposed = namesFact(c.exposed, "EXPOSE", c)
	i.Volumes = namesFact(c.volumes, "VOLUME", c)
	i.Labels = listFact(c.labels, labelMap, "LABEL", c)
}

func labelMap(assignments []string) map[string]string {
	out := map[string]string{}
	for _, a := range assignments {
		name, val, _ := strings.Cut(a, "=")
		out[name] = val
	}
	return snapshot.RedactLabels(out)
}
