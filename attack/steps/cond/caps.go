package cond

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/confinement"
	"seawall/lang"
	"seawall/snapshot"
)

// This file has the condition about capabilities that engines give containers without
// being asked. A privileged container has them twice over: to run it without privileges
// leaves them, and while it is privileged nothing is dropped. It takes both changes, so
// that each reason makes a move of its own.

// HasDefaultCaps: processes of the container can hold the capabilities, by its
// privileges or by its other settings.
func HasDefaultCaps(names ...string) attack.Need {
	all := make([]string, len(names))
	checks := make([]attack.Check, len(names))
	for i, name := range names {
		all[i] = "CAP_" + name
		checks[i] = attack.Check{Kind: attack.HasCapability, Name: name}
	}
	caps := snapshot.Caps(names...)
	return attack.Any(
		&attack.Cond{
			Says: "it holds %s by its privileges", Args: []any{lang.And(all)},
			Check: Shows(checks...),
			Ask: func(q *attack.Query) attack.Truth {
				privileged := q.Is(q.Container.Privileged)
				if privileged == attack.No {
					return attack.No
				}
				return min(privileged, usesAll(q, caps, names))
			},
			Ends: func(q *attack.Query) []attack.Change {
				return q.Changes(change.OnContainer(q, change.Unprivileged, ""))
			},
		},
		&attack.Cond{
			Says: "it holds %s by its other settings", Args: []any{lang.And(all)},
			Check: Shows(checks...),
			Ask: func(q *attack.Query) attack.Truth {
				return min(askedBesides(q, caps), usesAll(q, caps, names))
			},
			Ends: func(q *attack.Query) []attack.Change {
				var out [usualChanges]attack.Change
				list := out[:0]
				for _, name := range names {
					list = append(list, change.OnContainer(q, change.DropCapability, name))
				}
				return q.Changes(list...)
			},
		})
}

// usesAll says whether the container can hold and use all of the capabilities.
func usesAll(q *attack.Query, caps snapshot.CapSet, names []string) attack.Truth {
	truth := CanHold(q, caps)
	for _, name := range names {
		if truth == attack.No {
			break
		}
		truth = min(truth, capAllowed(q, name))
	}
	return truth
}

// askedBesides says whether a privileged container would have the capabilities without
// its privileges.
func askedBesides(q *attack.Query, caps snapshot.CapSet) attack.Truth {
	if privileged, _ := q.Container.Privileged.Try(q); !privileged {
		return attack.Yes
	}
	asked, complete := confinement.AskedUnprivileged(q, q.Container)
	switch {
	case asked.Has(caps):
		return attack.Yes
	case complete:
		return attack.No
	}
	return attack.Unknown
}
