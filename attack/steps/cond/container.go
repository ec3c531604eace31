package cond

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/confinement"
	"seawall/snapshot"
)

// This file has the conditions about what confines a container.

// RootInside: the container's process is root inside it.
func RootInside() *attack.Cond {
	return &attack.Cond{
		Says:  "its process is root inside it",
		Check: Shows(attack.Check{Kind: attack.RootInside}),
		Ask: func(q *attack.Query) attack.Truth {
			u := q.RunsAs()
			if !u.Known {
				return attack.Unknown
			}
			return attack.Sure(u.Root)
		},
		Ends: func(q *attack.Query) []attack.Change {
			return q.Changes(change.OnContainer(q, change.NonRootUser, ""))
		},
	}
}

// HasCap: processes of the container can hold the capability.
func HasCap(name string) *attack.Cond {
	caps := snapshot.Caps(name)
	return &attack.Cond{
		Says: "it holds CAP_%s", Args: []any{name},
		Check: Shows(attack.Check{Kind: attack.HasCapability, Name: name}),
		Ask: func(q *attack.Query) attack.Truth {
			held := CanHold(q, caps)
			if held == attack.No {
				return attack.No
			}
			return min(held, capAllowed(q, name))
		},
		Ends: func(q *attack.Query) []attack.Change {
			privileged, _ := q.Container.Privileged.Peek()
			switch {
			case !privileged:
				return q.Changes(change.OnContainer(q, change.DropCapability, name))
			case snapshot.DefaultCaps.Has(snapshot.Caps(name)):
				return nil // without privileges it holds it too, and with them nothing is dropped
			}
			return q.Changes(change.OnContainer(q, change.Unprivileged, ""))
		},
	}
}

// CanHold says whether processes of the container can hold the capabilities: by
// the kernel if it was asked, else by the settings.
func CanHold(q *attack.Query, caps snapshot.CapSet) attack.Truth {
	c := q.Capabilities()
	switch {
	case c.Kernel:
		return attack.Sure(c.Bounding.Has(caps))
	case c.Complete:
		return attack.Sure(c.Asked.Has(caps))
	case c.Asked.Has(caps):
		return attack.Yes
	}
	return attack.Unknown
}

// HostRoot: root in the container is root on the host, as the kernel sees it.
func HostRoot() *attack.Cond {
	return &attack.Cond{
		Says:  "its root is root of the host",
		Check: Shows(attack.Check{Kind: attack.RootOutside}),
		Ask:   IsHostRoot,
		Ends:  remaps,
	}
}

// remaps are the changes that make root in the container another user outside. The
// engine refuses to remap a container that is privileged or in a namespace of the
// host (moby, daemon/daemon_unix.go).
func remaps(q *attack.Query) []attack.Change {
	rootless := change.OnEngine(q, change.RootlessEngine)
	privileged, _ := q.Container.Privileged.Peek()
	pid, _ := q.Container.PidMode.Peek()
	net, _ := q.Container.NetworkMode.Peek()
	if privileged || pid == "host" || net == "host" {
		return q.Changes(rootless)
	}
	if mode, _ := q.Container.UsernsMode.Peek(); mode == "host" {
		return q.Changes(rootless, change.OnContainer(q, change.OwnUserNamespace, ""))
	}
	return q.Changes(rootless, change.OnEngine(q, change.UsernsRemap))
}

// IsHostRoot says whether root in the container is root on the host: by its
// process's user namespace, else by the engine's settings and its own.
func IsHostRoot(q *attack.Query) attack.Truth {
	rootless := q.Is(q.Engine.Settings.Rootless)
	if rootless == attack.Yes {
		return attack.No
	}
	return min(mapsToRoot(q, rootless), ownKernel(q))
}

// mapsToRoot is that by user namespaces.
func mapsToRoot(q *attack.Query, rootless attack.Truth) attack.Truth {
	if p := confinement.ProcessOf(q, q.Container); p.Runs {
		if maps, seen := p.UIDMap.Try(q); seen {
			return attack.Not(remapped(maps))
		}
	}
	remap := q.Is(q.Engine.Settings.UserNSRemap)
	mode, known := q.Container.UsernsMode.Try(q)
	switch {
	case remap == attack.No, mode == "host":
		return attack.Not(rootless)
	case remap == attack.Unknown || !known || rootless == attack.Unknown:
		return attack.Unknown
	}
	return attack.No
}

// remapped says whether root inside is another user outside.
func remapped(maps []snapshot.IDMap) attack.Truth {
	for _, m := range maps {
		if m.Inside == 0 {
			return attack.Sure(m.Outside != 0)
		}
	}
	return attack.Sure(len(maps) > 0)
}

// SharesNamespace: the container is in a namespace of the host.
func SharesNamespace(kind confinement.Kind, option string) *attack.Cond {
	return &attack.Cond{
		Says: "it is in the host's %s namespace", Args: []any{string(kind)},
		Check: Shows(attack.Check{Kind: attack.SharesNamespace, Name: string(kind)}),
		Ask: func(q *attack.Query) attack.Truth {
			return q.Whether(confinement.Namespace(q, q.Engine, q.Container, kind).Host)
		},
		Ends: func(q *attack.Query) []attack.Change {
			return q.Changes(change.OnContainer(q, change.OwnNamespace, option))
		},
	}
}

// NoSeccomp: no filter stands between the container and the kernel's calls.
func NoSeccomp() *attack.Cond {
	return &attack.Cond{
		Says:  "its system calls are not filtered",
		Check: Shows(attack.Check{Kind: attack.Unfiltered}),
		Ask: func(q *attack.Query) attack.Truth {
			return q.Unless(confinement.Seccomp(q, q.Engine, q.Container).Off)
		},
		Ends: func(q *attack.Query) []attack.Change {
			return q.Changes(change.Confine(q, change.SeccompDefault))
		},
	}
}

// MayRun: the container runs, or would when it is started.
func MayRun() *attack.Cond {
	return &attack.Cond{
		Says:  "it runs or can be started",
		Check: AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			state, known := q.Container.State.Try(q)
			if !known {
				return attack.Unknown
			}
			return attack.Sure(state != "removing" && state != "dead")
		},
	}
}
