package currency

import (
	"fmt"
	"slices"

	"seawall/lang"
	"seawall/snapshot"
)

// place is where a flaw would be used: a host and, for most components, an engine.
type place struct {
	s *snapshot.Snapshot
	e *snapshot.Engine // nil for components of the host
}

// presence says whether what an attack takes is there.
type presence uint8

const (
	notRead presence = iota
	absent
	holds
	anyones // it is there or not as somebody acts: no fact tells
)

// condition decides one of the conditions that package known names.
type condition func(place) (presence, Evidence, *Missing)

// conditions are all of them.
var conditions = map[string]condition{
	"authorization-plugin": ofEngine(func(e *snapshot.Engine) snapshot.Fact[bool] { return someOf(e.Settings.AuthorizationPlugins) }),
	"debug-logging":        ofEngine(func(e *snapshot.Engine) snapshot.Fact[bool] { return e.Settings.Debug }),
	"userns-remap":         ofEngine(func(e *snapshot.Engine) snapshot.Fact[bool] { return e.Settings.UserNSRemap }),
	"rootless":             ofEngine(func(e *snapshot.Engine) snapshot.Fact[bool] { return e.Settings.Rootless }),
	"slirp4netns":          ofEngine(func(e *snapshot.Engine) snapshot.Fact[bool] { return e.Settings.Rootless }),
	"windows":              windows,
	"swarm": ofEngine(func(e *snapshot.Engine) snapshot.Fact[bool] {
		return snapshot.Map(e.Swarm, func(snapshot.Swarm) bool { return true })
	}),
	"encrypted-overlay": ofEngine(encryptedOverlay),
	"internal-network":  ofNetworks(func(n snapshot.Network) bool { return n.Internal }),
	"macvlan-or-ipvlan": ofNetworks(func(n snapshot.Network) bool { return n.Driver == "macvlan" || n.Driver == "ipvlan" }),
	"no-user-namespace": ofEngine(func(e *snapshot.Engine) snapshot.Fact[bool] {
		return snapshot.Map(e.Settings.UserNSRemap, func(on bool) bool { return !on })
	}),
	"selinux": ofHost(func(h *snapshot.Host) snapshot.Fact[bool] {
		return snapshot.Map(h.SELinux, func(l snapshot.SELinux) bool { return l.Enabled })
	}),
	"cgroup-v1": ofHost(func(h *snapshot.Host) snapshot.Fact[bool] {
		return snapshot.Map(h.CgroupVersion, func(v int) bool { return v == 1 })
	}),
	"ubuntu-kernel": ofHost(func(h *snapshot.Host) snapshot.Fact[bool] {
		return snapshot.Map(h.Software.Kernel.Build, ubuntuKernel.MatchString)
	}),
	"sound-device": soundDevice,
	"library-use": func(place) (presence, Evidence, *Missing) {
		return absent, Evidence{snapshot.At("use", "the advisory"), lang.T("it concerns programs that use libcontainer as a library; Docker sets what the flaw leaves out")}, nil
	},
}

// windows says whether an engine, or the host of a client, is one of Windows. A
// host of which the release of a Linux kernel was read is none.
func windows(p place) (presence, Evidence, *Missing) {
	if p.e != nil {
		return decide(snapshot.Map(p.e.Settings.OSType, func(os string) bool { return os == "windows" }))
	}
	return decide(snapshot.Map(p.s.Host.Kernel, func(string) bool { return false }))
}

// someOf says whether a list has something in it.
func someOf[T any](f snapshot.Fact[[]T]) snapshot.Fact[bool] {
	return snapshot.Map(f, func(list []T) bool { return len(list) > 0 })
}

// encryptedOverlay says whether the engine is a node of a swarm with an encrypted
// network. Outside a swarm there is none.
func encryptedOverlay(e *snapshot.Engine) snapshot.Fact[bool] {
	if e.Swarm.State() != snapshot.Seen {
		return snapshot.Map(e.Swarm, func(snapshot.Swarm) bool { return false })
	}
	networks, ok := e.Networks.Peek()
	if !ok {
		return snapshot.Lost[bool](e.Networks.Gap(), e.Networks.Origin())
	}
	for _, n := range networks {
		if n.Driver != "overlay" {
			continue
		}
		encrypted, ok := n.Encrypted.Peek()
		if !ok {
			return snapshot.Lost[bool](n.Encrypted.Gap(), n.Encrypted.Origin())
		}
		if encrypted {
			return snapshot.See(true, n.Encrypted.Origin())
		}
	}
	return snapshot.See(false, e.Networks.Origin())
}

func ofNetworks(match func(snapshot.Network) bool) condition {
	return ofEngine(func(e *snapshot.Engine) snapshot.Fact[bool] {
		return snapshot.Map(e.Networks, func(list []snapshot.Network) bool { return slices.ContainsFunc(list, match) })
	})
}

func ofEngine(read func(*snapshot.Engine) snapshot.Fact[bool]) condition {
	return func(p place) (presence, Evidence, *Missing) {
		if p.e == nil {
			return anyones, Evidence{}, nil
		}
		return decide(read(p.e))
	}
}

func ofHost(read func(*snapshot.Host) snapshot.Fact[bool]) condition {
	return func(p place) (presence, Evidence, *Missing) { return decide(read(&p.s.Host)) }
}

func decide(f snapshot.Fact[bool]) (presence, Evidence, *Missing) {
	on, ok := f.Peek()
	switch {
	case !ok:
		return notRead, Evidence{}, &Missing{f.Origin(), f.Gap()}
	case on:
		return holds, Evidence{f.Origin(), lang.T("yes")}, nil
	case f.State() == snapshot.Absent:
		return absent, Evidence{f.Origin(), lang.T("absent")}, nil
	}
	return absent, Evidence{f.Origin(), lang.T("no")}, nil
}

// kernelHas says whether one of the options that a flaw takes is compiled in.
func kernelHas(p place, options []string) (presence, Evidence, *Missing) {
	config := p.s.Host.Software.Kernel.Config
	values, ok := config.Peek()
	switch {
	case !ok:
		return notRead, Evidence{}, &Missing{config.Origin(), config.Gap()}
	case config.State() == snapshot.Absent:
		return notRead, Evidence{}, &Missing{config.Origin(), snapshot.Gap{Reason: snapshot.ReasonUnsupported, Detail: lang.T("this kernel has no record of its configuration")}}
	}
	var told []string
	for _, name := range options {
		switch values[name] {
		case "n":
			told = append(told, lang.Sprintf("%s is not set", name))
		case "":
			return notRead, Evidence{}, &Missing{config.Origin(), snapshot.Gap{Reason: snapshot.ReasonNotCollected, Detail: lang.Sprintf("%s was not read", name)}}
		default:
			return holds, Evidence{config.Origin(), fmt.Sprintf("%s=%s", name, values[name])}, nil
		}
	}
	return absent, Evidence{config.Origin(), lang.Comma(told)}, nil
}

// KnowsCondition reports whether a condition of the data can be decided.
func KnowsCondition(name string) bool { return conditions[name] != nil }
