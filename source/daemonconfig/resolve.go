package daemonconfig

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// resolver finds out which place decides a setting.
type resolver struct {
	Given
	flags, file *Config // nil where not readable; empty where absent
	defaults    string  // the source of a default, for origins
	differ      []snapshot.Conflict
}

func newResolver(g Given) *resolver {
	r := &resolver{Given: g}
	if c, ok := g.Flags.Peek(); ok {
		r.flags = &c
	}
	if c, ok := g.File.Peek(); ok {
		r.file = &c
	}
	r.defaults = "default: set neither in " + sourceOf(g.Flags) + " nor in " + sourceOf(g.File)
	if g.Flags.State() == snapshot.Absent {
		r.defaults = "default"
	}
	return r
}

func sourceOf(f snapshot.Fact[Config]) string {
	if c, _ := f.Peek(); c.Source != "" {
		return c.Source
	}
	return f.Origin().Source
}

// given reports whether flags or file set the setting, as far as they are
// readable.
func (r *resolver) given(name string) bool {
	_, ok := r.value(name)
	return ok
}

func (r *resolver) value(name string) (Value, bool) {
	c := r.place(name)
	if c == nil {
		return Value{}, false
	}
	return c.Get(name)
}

// place is the flags or the file, whichever sets the setting.
func (r *resolver) place(name string) *Config {
	for _, c := range []*Config{r.flags, r.file} {
		if c != nil {
			if _, ok := c.Get(name); ok {
				return c
			}
		}
	}
	return nil
}

// pick resolves one setting. The default is called for where nothing sets it;
// it returns a gap where there is no fixed one.
func pick[T any](r *resolver, name string, api snapshot.Fact[T], read func(Value) T, def func() (T, *snapshot.Gap)) snapshot.Fact[T] {
	if _, told := api.Peek(); told {
		return confirm(r, name, api, read)
	}
	if c := r.place(name); c != nil && c == r.flags {
		v, _ := c.Get(name)
		return snapshot.See(read(v), c.origin(name))
	}
	if g, o := r.unreadable(name); g != nil {
		return snapshot.Lost[T](*g, o)
	}
	if c := r.place(name); c != nil {
		v, _ := c.Get(name)
		return snapshot.See(read(v), c.origin(name))
	}
	o := snapshot.At(name, r.defaults)
	value, g := def()
	if g != nil {
		if api.State() == snapshot.Unreadable {
			return api
		}
		return snapshot.Lost[T](*g, o)
	}
	return snapshot.See(value, o)
}

// confirm keeps what the API tells, naming the place that set it, and notes
// where that place says otherwise. Only switches and names are compared: the
// API spells lists and paths its own way.
func confirm[T any](r *resolver, name string, api snapshot.Fact[T], read func(Value) T) snapshot.Fact[T] {
	value, _ := api.Peek()
	c := r.place(name)
	if c == nil || api.State() != snapshot.Seen {
		return api
	}
	v, _ := c.Get(name)
	given, told := fmt.Sprint(read(v)), fmt.Sprint(value)
	if !sameWords(name) {
		return api
	}
	if given != told {
		r.differ = append(r.differ, snapshot.Conflict{
			Setting: name, Used: told, UsedSource: api.Origin().Source,
			Other: given, OtherSource: c.origin(name).Source,
		})
		return api
	}
	return snapshot.See(value, snapshot.At(name, c.origin(name).Source+", confirmed by "+api.Origin().Source))
}

// sameWords names the settings that the API reports in the words they are
// given in.
func sameWords(name string) bool {
	switch name {
	case "icc", "ip", "live-restore", "log-driver", "debug", "experimental", "no-new-privileges", "selinux-enabled", "default-runtime", "rootless", "userns-remap":
		return true
	}
	return false
}

// unreadable tells why flags and file don't settle a setting, nil if they do.
func (r *resolver) unreadable(name string) (*snapshot.Gap, snapshot.Origin) {
	switch {
	case r.flags == nil:
		g := r.Flags.Gap()
		return &g, snapshot.At(name, r.Flags.Origin().Source)
	case r.file == nil:
		g := r.File.Gap()
		return &g, snapshot.At(name, r.File.Origin().Source)
	case r.file.Changed:
		return &snapshot.Gap{
			Reason: snapshot.ReasonUnresolved,
			Detail: lang.Recordf("%s changed after the daemon started; what it said then is not known", r.file.Source),
			Remedy: lang.N("restart the engine"),
		}, snapshot.At(name, r.file.Source)
	}
	return nil, snapshot.Origin{}
}

// compared lists the disagreements found, which only flags and file read
// together can rule out.
func (r *resolver) compared() snapshot.Fact[[]snapshot.Conflict] {
	o := snapshot.At("conflicts", "API, command line and configuration file")
	if len(r.differ) == 0 {
		for _, f := range []snapshot.Fact[Config]{r.Flags, r.File} {
			if _, ok := f.Peek(); !ok {
				return snapshot.Lost[[]snapshot.Conflict](f.Gap(), o)
			}
		}
	}
	slices.SortFunc(r.differ, func(a, b snapshot.Conflict) int { return strings.Compare(a.Setting, b.Setting) })
	return snapshot.See(r.differ, o)
}

var dependsOnHost = lang.N("depends on the host the engine runs on")

func unresolved(detail string) *snapshot.Gap {
	return &snapshot.Gap{Reason: snapshot.ReasonUnresolved, Detail: detail}
}

func fixed[T any](v T) func() (T, *snapshot.Gap) {
	return func() (T, *snapshot.Gap) { return v, nil }
}

func byHost[T any]() (T, *snapshot.Gap) {
	var zero T
	return zero, unresolved(dependsOnHost)
}

// hostDecides leaves a fact that no configuration can tell as it is, or says
// so where no source asked.
func hostDecides[T any](f snapshot.Fact[T], path string) snapshot.Fact[T] {
	if f.State() == snapshot.NotCollected {
		return snapshot.Lost[T](*unresolved(dependsOnHost), snapshot.At(path, "configuration"))
	}
	return f
}

// since is the default of a switch that is on from a major release on.
func (r *resolver) since(major int) func() (bool, *snapshot.Gap) {
	return func() (bool, *snapshot.Gap) {
		version, ok := r.Version.Peek()
		first, _, _ := strings.Cut(version, ".")
		n, err := strconv.Atoi(first)
		if !ok || err != nil {
			return false, unresolved(lang.Recordf("the default changed in %d.0, and the engine's version is not known", major))
		}
		return n >= major, nil
	}
}
