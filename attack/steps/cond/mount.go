package cond

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/hostpath"
	"seawall/hostplace"
	"seawall/lang"
	"seawall/snapshot"
)

// This file has the conditions about paths of the host inside a container.

// MountKind says of a path of the host inside a container whether a step takes it.
type MountKind func(*attack.Query, *hostpath.Mounted) attack.Truth

// PlacesInside: something of the host is inside that matters to any step. It
// spares containers without the questions of each.
func PlacesInside() *attack.Cond {
	return HasMount("it has a path of the host inside that matters", func(q *attack.Query, m *hostpath.Mounted) attack.Truth {
		return attack.Sure(WaysOf(q, m) != 0)
	})
}

// HasMount: a path of the host is inside that is of a kind.
func HasMount(says string, is MountKind) *attack.Cond {
	return &attack.Cond{
		Says:  says,
		Check: AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			found := attack.No
			q.EachMount(q, func(m *hostpath.Mounted) { found = max(found, is(q, m)) })
			return max(found, q.Whether(false))
		},
	}
}

// WaysOf are the ways that a mount opens, the engine's data directory wherever it
// is included.
func WaysOf(q *attack.Query, m *hostpath.Mounted) hostplace.Way {
	ways := q.Ways(m)
	if root, _ := q.Engine.Settings.DataRoot.Look(q); root != "" && m.Source != "/" {
		data := hostplace.DataRoot(root)
		if data.Touches(m.Source) {
			ways |= data.Way
		}
	}
	return ways
}

// Writable: a mount that opens the way, and may be written to.
func Writable(way hostplace.Way) MountKind {
	return func(q *attack.Query, m *hostpath.Mounted) attack.Truth {
		return attack.Sure(!m.ReadOnly && WaysOf(q, m)&way != 0)
	}
}

// Readable: a mount that opens the way, whatever its mode.
func Readable(way hostplace.Way) MountKind {
	return func(q *attack.Query, m *hostpath.Mounted) attack.Truth {
		return attack.Sure(WaysOf(q, m)&way != 0)
	}
}

// EachMount makes an instance of every path that is of a kind, for each of the
// states that it leads to; nil: the step's own. One that could not be seen may
// lead to any that elsewhere names.
func EachMount(is MountKind, to, elsewhere func(*attack.Query, *hostpath.Mounted) []attack.State, kinds ...*attack.ChangeKind) func(*attack.Query) []attack.Instance {
	return func(q *attack.Query) []attack.Instance {
		out := q.Instances()
		var w Gaps
		q.EachMount(&w, func(m *hostpath.Mounted) {
			truth := is(q, m)
			if truth == attack.No {
				return
			}
			i := attack.Instance{Unknown: truth == attack.Unknown, Ends: endsOf(q, m, kinds)}
			if !q.Brief() {
				i.What, i.Checks = m.String(), []attack.Check{mountCheck(m, kinds)}
				i.Origin, i.Value = m.Evidence()
			}
			out = appendLeading(out, i, states(to, q, m))
		})
		if len(out) == 0 && (len(w) > 0 || q.Unseen()) {
			out = appendLeading(nil, attack.Instance{What: lang.T("a path that could not be seen"), Unknown: true, Missing: w}, states(elsewhere, q, nil))
		}
		return out
	}
}

func states(to func(*attack.Query, *hostpath.Mounted) []attack.State, q *attack.Query, m *hostpath.Mounted) []attack.State {
	if to == nil {
		return q.States(attack.State{})
	}
	return to(q, m)
}

// appendLeading adds copies of an instance, one for each state.
func appendLeading(out []attack.Instance, i attack.Instance, to []attack.State) []attack.Instance {
	for n := range to {
		i.To = to[n]
		out = append(out, i)
	}
	return out
}

// usualChanges is how many changes end a condition at most, for the most part.
const usualChanges = 4

// endsOf are the changes that end a mount, each by itself: of those given, to run
// without capabilities only where the files are other users'.
func endsOf(q *attack.Query, m *hostpath.Mounted, kinds []*attack.ChangeKind) []attack.Change {
	var list [usualChanges]attack.Change
	out := append(list[:0], change.OnContainer(q, change.RemoveMount, m.Source))
	for _, k := range kinds {
		switch {
		case k != change.DropCapabilities:
			out = append(out, change.OnContainer(q, k, m.Source))
		case hostplace.OfUsers(m.Source):
			out = append(out, change.WithoutCapabilities(q))
		}
	}
	return q.Changes(out...)
}

// ByOwner: root in the container gets at the files of a mount besides. Those of
// other users it gets with a capability.
func ByOwner(is MountKind) MountKind {
	return func(q *attack.Query, m *hostpath.Mounted) attack.Truth {
		truth := is(q, m)
		if truth == attack.No || hostplace.OfRoot(m.Source) {
			return truth
		}
		passes := passesOwners(q)
		if passes == attack.No && !hostplace.OfUsers(m.Source) {
			q.Missed(m.Origin, snapshot.Gap{Reason: snapshot.ReasonNotCollected, Detail: lang.Sprintf("whose files %s holds is not read", m.Source), Remedy: lang.T("look at them with ls -l")})
			passes = attack.Unknown
		}
		return min(truth, passes)
	}
}

// passesOwners says whether root in the container holds a capability that passes
// over the owners of files.
func passesOwners(q *attack.Query) attack.Truth {
	held := attack.No
	for _, name := range [...]string{"DAC_OVERRIDE", "SETUID", "CHOWN", "FOWNER"} {
		held = max(held, CanHold(q, snapshot.Caps(name)))
	}
	return held
}
