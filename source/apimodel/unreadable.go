package apimodel

import "seawall/snapshot"

// Unreadable is a container that is known to exist and could not be inspected:
// every fact is the gap.
func Unreadable(id, name string, gap snapshot.Gap, source string) snapshot.Container {
	c := FromCreate(name, nil, nil, nil, source)
	c.ID = id
	snapshot.Walk(&c, func(_ string, f snapshot.AnyFact) { f.Blind(gap) })
	return c
}
