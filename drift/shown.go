package drift

import (
	"slices"
	"strings"

	"seawall/snapshot"
)

// networksShown leaves out addresses, which the engine chose.
func networksShown(_ *pair, a, b []snapshot.Endpoint) (declared, running []snapshot.Endpoint) {
	names := func(list []snapshot.Endpoint) []snapshot.Endpoint {
		var out []snapshot.Endpoint
		for _, e := range list {
			out = append(out, snapshot.Endpoint{Network: e.Network})
		}
		return out
	}
	return names(a), names(b)
}

// mountsShown leaves out where the engine keeps volumes, and how it named them.
func mountsShown(p *pair, a, b []snapshot.Mount) (declared, running []snapshot.Mount) {
	plain := func(list []snapshot.Mount, source func(string) string) []snapshot.Mount {
		var out []snapshot.Mount
		for _, m := range list {
			if m.Type == "volume" {
				m.Source, m.Driver, m.Options = "", "", nil
				if m.Propagation = ""; anonymous(m.Volume) {
					m.Volume = ""
				}
			}
			m.Source = source(m.Source)
			out = append(out, m)
		}
		return out
	}
	return plain(a, p.source), plain(b, strings.Clone)
}

// portsShown makes one of the ports on all addresses of both families.
func portsShown(_ *pair, a, b []snapshot.Port) (declared, running []snapshot.Port) {
	plain := func(list []snapshot.Port) []snapshot.Port {
		var out []snapshot.Port
		for _, p := range list {
			if p.Any() {
				p.HostIP = ""
			}
			if !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
		return out
	}
	return plain(a), plain(b)
}

// labelsShown leaves out labels that the file does not name.
func labelsShown(_ *pair, a, b map[string]string) (declared, running map[string]string) {
	running = map[string]string{}
	for name := range a {
		if value, has := b[name]; has {
			running[name] = value
		}
	}
	return a, running
}

// volumesShown names containers as the file does.
func volumesShown(p *pair, a, b []string) (declared, running []string) {
	for _, from := range b {
		name, mode, _ := strings.Cut(from, ":")
		if name = p.nameOf(name); mode != "" {
			name += ":" + mode
		}
		running = append(running, name)
	}
	return a, running
}
