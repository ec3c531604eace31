package change

import "seawall/attack"

// This file has how a change is made of its kind, where a step is looked for.

// Confine is the change that confines the container again: of a privileged one,
// to run it without privileges.
func Confine(q *attack.Query, kind *attack.ChangeKind) attack.Change {
	if privileged, _ := q.Container.Privileged.Peek(); privileged {
		return OnContainer(q, Unprivileged, "")
	}
	return OnContainer(q, kind, "")
}

// OnContainer is a change of a kind to the container; detail is what of it changes.
func OnContainer(q *attack.Query, kind *attack.ChangeKind, detail string) attack.Change {
	return attack.Change{Kind: kind, Engine: q.Engine.Name, Subject: q.Container.Name, Detail: detail}
}

// OnEngine is a change of a kind to the engine.
func OnEngine(q *attack.Query, kind *attack.ChangeKind) attack.Change {
	return attack.Change{Kind: kind, Engine: q.Engine.Name}
}

// WithoutCapabilities is the change that keeps root in the container from files of
// other users.
func WithoutCapabilities(q *attack.Query) attack.Change {
	if privileged, _ := q.Container.Privileged.Peek(); privileged {
		return OnContainer(q, Unprivileged, "")
	}
	return OnContainer(q, DropCapabilities, "")
}
