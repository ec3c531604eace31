package expr

import (
	"path"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"seawall/confinement"
	"seawall/snapshot"
)

// functions are those that a rule about engines needs beside CEL's own:
//
//	container.capabilities()  the capabilities it really has, by name
//	container.runsAsRoot()    its first process is root inside
//	"/etc/passwd".within("/etc")
//	"0666".grants("o+w")      a file's mode grants others to write
func functions() []cel.EnvOption {
	container := snapshotTypes().byName["Container"].cel
	return []cel.EnvOption{
		cel.Function("capabilities", cel.MemberOverload("container_capabilities", []*cel.Type{container},
			cel.ListType(cel.StringType), cel.UnaryBinding(capabilities))),
		cel.Function("runsAsRoot", cel.MemberOverload("container_runs_as_root", []*cel.Type{container},
			cel.BoolType, cel.UnaryBinding(runsAsRoot))),
		cel.Function("within", cel.MemberOverload("string_within_string", []*cel.Type{cel.StringType, cel.StringType},
			cel.BoolType, cel.BinaryBinding(within))),
		cel.Function("grants", cel.MemberOverload("string_grants_string", []*cel.Type{cel.StringType, cel.StringType},
			cel.BoolType, cel.BinaryBinding(grants))),
	}
}

// capabilities are what the kernel shows of the container, else what its
// settings give it.
func capabilities(v ref.Val) ref.Val {
	o, c := containerOf(v)
	if c == nil {
		return types.MaybeNoSuchOverloadErr(v)
	}
	found := confinement.CapabilitiesOf(o.reader, c)
	switch {
	case found.Kernel:
		return types.NewStringList(types.DefaultTypeAdapter, found.Bounding.Names())
	case found.Complete:
		return types.NewStringList(types.DefaultTypeAdapter, found.Asked.Names())
	}
	return notDecided(o.reader)
}

func runsAsRoot(v ref.Val) ref.Val {
	o, c := containerOf(v)
	if c == nil {
		return types.MaybeNoSuchOverloadErr(v)
	}
	user := confinement.UserOf(o.reader, o.engine, c)
	if !user.Known {
		return notDecided(o.reader)
	}
	return types.Bool(user.Root)
}

func containerOf(v ref.Val) (*object, *snapshot.Container) {
	o, ok := v.(*object)
	if !ok {
		return nil, nil
	}
	c, _ := o.pointer().(*snapshot.Container)
	return o, c
}

// notDecided is the error for a question that recorded what it missed.
func notDecided(r *Reader) ref.Val {
	if len(r.missed) == 0 {
		return types.NewErr("it could not be decided")
	}
	return types.WrapErr(&missedError{r.missed[len(r.missed)-1]})
}

// within reports whether a path is the directory or below it.
func within(p, dir ref.Val) ref.Val {
	below, ok1 := p.(types.String)
	above, ok2 := dir.(types.String)
	if !ok1 || !ok2 {
		return types.NoSuchOverloadErr()
	}
	b, a := path.Clean(string(below)), path.Clean(string(above))
	return types.Bool(a == b || a == "/" && path.IsAbs(b) || strings.HasPrefix(b, a+"/"))
}

// grants reads who+what as chmod(1) does: who of u, g and o, what of r, w and x,
// and reports whether the mode grants all of it.
func grants(mode, what ref.Val) ref.Val {
	text, ok1 := mode.(types.String)
	asked, ok2 := what.(types.String)
	if !ok1 || !ok2 {
		return types.NoSuchOverloadErr()
	}
	var m snapshot.Mode
	if err := m.UnmarshalText([]byte(text)); err != nil {
		return types.NewErr("%w", err)
	}
	who, rights, ok := strings.Cut(string(asked), "+")
	if !ok || who == "" || rights == "" || strings.Trim(who, "ugo") != "" || strings.Trim(rights, "rwx") != "" {
		return types.NewErr("grants(%q): want u, g or o, a plus, and r, w or x, as in \"o+w\"", string(asked))
	}
	for _, w := range who {
		for _, r := range rights {
			bit := snapshot.Mode(map[rune]int{'r': 4, 'w': 2, 'x': 1}[r]) << map[rune]int{'u': 6, 'g': 3, 'o': 0}[w]
			if m&bit == 0 {
				return types.False
			}
		}
	}
	return types.True
}
