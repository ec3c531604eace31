package drift

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"seawall/snapshot"
)

// joined compares modes of namespaces: one of another container is named by its name in
// a file and by its id in the engine.
func joined(p *pair, a, b string, _ bool) verdict { return whether(p.named(a) == p.named(b)) }

const containerPrefix = "container:"

// named is a mode with the container's name in place of its id.
func (p *pair) named(mode string) string {
	ref, is := strings.CutPrefix(mode, containerPrefix)
	if !is {
		return mode
	}
	return containerPrefix + p.nameOf(ref)
}

// nameOf is the name of a container of the engine, by its name or id.
func (p *pair) nameOf(ref string) string {
	all, _ := p.engine.Containers.Peek()
	for i := range all {
		if c := &all[i]; c.Name == ref || len(ref) >= 12 && strings.HasPrefix(c.ID, ref) {
			return c.Name
		}
	}
	return ref
}

// ipc: where nothing is declared the engine's own setting decides, private as a rule.
func ipc(p *pair, a, b string, _ bool) verdict {
	switch {
	case a == "" && b == "private":
		return same
	case a == "" && b == "shareable":
		return untold
	}
	return joined(p, a, b, false)
}

// cgroupns: the default is private with control groups of version 2, but for an engine
// that is told otherwise, and for privileged containers of older ones.
func cgroupns(p *pair, a, b string, _ bool) verdict {
	if a != "" || a == b || b == "private" {
		return whether(a == b || a == "")
	}
	if v, known := p.engine.Settings.CgroupVersion.Peek(); known && v == "2" {
		if privileged, _ := p.declared.Privileged.Peek(); !privileged {
			return differs
		}
	}
	return untold
}

// networks compares the networks by their names.
func networks(_ *pair, a, b []snapshot.Endpoint, partial bool) verdict {
	names := func(list []snapshot.Endpoint) []string {
		var out []string
		for _, e := range list {
			out = append(out, e.Network)
		}
		return out
	}
	return sets(nil, names(a), names(b), partial)
}

// volumesFrom compares containers by their names. Compose leaves out whether they are
// read only (":ro").
func volumesFrom(p *pair, a, b []string, partial bool) verdict {
	names := func(list []string) []string {
		var out []string
		for _, from := range list {
			name, _, _ := strings.Cut(from, ":")
			out = append(out, p.nameOf(name))
		}
		return out
	}
	return sets(p, names(a), names(b), partial)
}

// mounts compares by where they are in the container. Volumes that the image asks for
// have names that the engine chose; those of other containers come with volumes_from.
func mounts(p *pair, a, b []snapshot.Mount, partial bool) verdict {
	running := map[string]snapshot.Mount{}
	for _, m := range b {
		running[m.Destination] = m
	}
	for _, want := range a {
		got, has := running[want.Destination]
		if !has || !p.sameMount(want, got) {
			return differs
		}
		delete(running, want.Destination)
	}
	taken := p.taken()
	for where, m := range running {
		if partial || taken[where] || m.Type == "volume" && anonymous(m.Volume) {
			continue
		}
		return differs
	}
	return same
}

func (p *pair) sameMount(want, got snapshot.Mount) bool {
	if want.Type != got.Type || want.ReadOnly != got.ReadOnly {
		return false
	}
	switch want.Type {
	case "bind":
		return p.source(want.Source) == got.Source && want.Propagation == got.Propagation
	case "volume":
		return want.Volume == got.Volume || want.Volume == "" && anonymous(got.Volume)
	case "tmpfs":
		return want.Exec == got.Exec
	}
	return true
}

// source is a path of a file, where the project was when the container was made.
func (p *pair) source(path string) string {
	if below, is := strings.CutPrefix(path, p.from); is && p.from != "" && (below == "" || below[0] == '/') {
		return p.to + below
	}
	return path
}

// taken is where mounts of other containers are, which volumes_from names.
func (p *pair) taken() map[string]bool {
	out := map[string]bool{}
	from, _ := p.declared.VolumesFrom.Peek()
	all, _ := p.engine.Containers.Peek()
	for _, ref := range from {
		name, _, _ := strings.Cut(ref, ":")
		for i := range all {
			if all[i].Name != name {
				continue
			}
			list, _ := all[i].Mounts.Peek()
			for _, m := range list {
				out[m.Destination] = true
			}
		}
	}
	return out
}

// anonymous reports whether the engine chose a volume's name.
func anonymous(name string) bool {
	return len(name) == 64 && strings.Trim(name, "0123456789abcdef") == ""
}

// ports compares what is published. Where no address is declared the engine's setting or
// that of the network decides; where no port is, or several are, the engine chose one.
func ports(p *pair, a, b []snapshot.Port, partial bool) verdict {
	rest := slices.Clone(b)
	open := false
	for _, want := range a {
		found := false
		rest = slices.DeleteFunc(rest, func(got snapshot.Port) bool {
			if want.Port != got.Port || want.Protocol != got.Protocol || !samePort(want.HostPort, got.HostPort) {
				return false
			}
			v := p.address(want.HostIP, got.HostIP)
			found, open = found || v != differs, open || v == untold
			return v != differs
		})
		if !found {
			return differs
		}
	}
	switch {
	case len(rest) > 0 && !partial:
		return differs
	case open:
		return untold
	}
	return same
}

// samePort reports whether a port of the host is the one that was declared, or of the
// range: "8000-8010".
func samePort(declared, running string) bool {
	if declared == "" || declared == "0" || declared == running {
		return true
	}
	first, last, isRange := strings.Cut(declared, "-")
	if !isRange {
		return false
	}
	from, err1 := strconv.Atoi(first)
	to, err2 := strconv.Atoi(last)
	n, err3 := strconv.Atoi(running)
	return err1 == nil && err2 == nil && (err3 == nil && from <= n && n <= to || running == declared)
}

func (p *pair) address(declared, running string) verdict {
	all := func(s string) bool { return snapshot.Port{HostIP: s}.Any() }
	if declared != "" {
		return whether(declared == running || all(declared) && all(running) && sameFamily(declared, running))
	}
	if all(running) {
		return same // what nothing else decides
	}
	if ip, known := p.engine.Settings.IP.Peek(); known && ip != "" {
		if ip == running {
			return same
		}
	}
	mode, _ := p.running.NetworkMode.Peek()
	list, _ := p.engine.Networks.Peek()
	for i := range list {
		if binding, known := list[i].HostBinding.Peek(); list[i].Name == mode && known {
			return whether(binding == running)
		}
	}
	if _, known := p.engine.Settings.IP.Peek(); !known {
		return untold
	}
	return differs
}

func sameFamily(a, b string) bool {
	x, err1 := netip.ParseAddr(a)
	y, err2 := netip.ParseAddr(b)
	return err1 == nil && err2 == nil && x.Is4() == y.Is4()
}

// command: what a file names comes behind the image's entry point, if it names none.
func command(_ *pair, a, b []string, _ bool) verdict {
	switch {
	case len(a) == 0:
		return untold
	case len(b) >= len(a) && slices.Equal(b[len(b)-len(a):], a):
		return same
	case len(b) >= len(a) && slices.Equal(b[:len(a)], a):
		return untold // an entry point of the file, and the command of the image
	}
	return differs
}

// environment: what is declared has to be there. More may be the image's.
func environment(p *pair, a, b []snapshot.EnvVar, partial bool) verdict {
	running := map[string]snapshot.EnvVar{}
	for _, v := range b {
		running[v.Name] = v
	}
	for _, want := range a {
		got, has := running[want.Name]
		if want.Kind == snapshot.EnvPassed {
			delete(running, want.Name) // if the shell has it
			continue
		}
		if !has || got != want {
			return differs
		}
		delete(running, want.Name)
	}
	delete(running, "PATH")
	if partial || len(running) == 0 {
		return same
	}
	image, known := p.image()
	if !known {
		return untold
	}
	for _, v := range image {
		delete(running, v.Name)
	}
	return whether(len(running) == 0)
}

// image is the environment of the image that the container was made of.
func (p *pair) image() ([]snapshot.EnvVar, bool) {
	id, _ := p.running.ImageID.Peek()
	list, _ := p.engine.Images.Peek()
	for i := range list {
		if list[i].ID == id && id != "" {
			return list[i].Env.Peek()
		}
	}
	return nil, false
}

// swap: an engine whose kernel counts no swap writes that there is no limit.
func swap(_ *pair, a, b int64, _ bool) verdict {
	if a > 0 && b == -1 {
		return untold
	}
	return whether(a == b)
}

// limits compares numbers of which zero and less are no limit.
func limits(_ *pair, a, b int64, _ bool) verdict { return whether(max(a, 0) == max(b, 0)) }

// ulimits: the engine adds its own.
func ulimits(p *pair, a, b []string, partial bool) verdict {
	if v := sets(p, a, b, true); v != same || partial {
		return v
	}
	defaults, known := p.engine.Settings.DefaultUlimits.Peek()
	for _, limit := range b {
		if slices.Contains(a, limit) || slices.Contains(defaults, limit) {
			continue
		}
		if !known {
			return untold
		}
		return differs
	}
	return same
}

// oomKill: on control groups of version 2 the engine leaves it out.
func oomKill(p *pair, a, b bool, _ bool) verdict {
	if a && !b {
		if v, known := p.engine.Settings.CgroupVersion.Peek(); !known || v == "2" {
			return untold
		}
	}
	return whether(a == b)
}

// logOptions: the engine adds its own to those of its own driver.
func logOptions(p *pair, a, b []snapshot.LogOption, partial bool) verdict {
	if v := sets(p, a, b, true); v != same || partial || len(a) == len(b) {
		return v
	}
	own, known := p.engine.Settings.LogOptNames.Peek()
	if !known {
		return untold
	}
	for _, o := range b {
		if !slices.Contains(a, o) && !slices.Contains(own, o.Name) {
			return differs
		}
	}
	return same
}

// labels: what is declared has to be there. More may be the image's, or Compose's own.
func labels(_ *pair, a, b map[string]string, _ bool) verdict {
	return whether(within(a, b))
}
