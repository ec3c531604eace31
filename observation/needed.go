package observation

import (
	"slices"

	"seawall/snapshot"
)

// Counts reports whether a check shows that its capability was used: it was granted
// and its answer mattered.
func (c Capability) Counts() bool { return c.Outcome == Granted && c.Aside == "" }

// Used are the capabilities that the container used in these sessions, all if none
// is named. DAC_READ_SEARCH stands there as DAC_OVERRIDE: the kernel asks for either,
// and the former alone opens files of the whole file system by their handle.
func (c *Container) Used(sessions ...Session) snapshot.CapSet {
	used := c.capabilities(sessions, Capability.Counts)
	if search := snapshot.Caps("DAC_READ_SEARCH"); used.Has(search) {
		used = used&^search | snapshot.Caps("DAC_OVERRIDE")
	}
	return used
}

// Refused are the capabilities that were asked for in earnest and never granted.
func (c *Container) Refused(sessions ...Session) snapshot.CapSet {
	refused := c.capabilities(sessions, func(x Capability) bool { return x.Outcome == Denied && x.Aside == "" })
	return refused &^ c.capabilities(sessions, Capability.Counts)
}

func (c *Container) capabilities(sessions []Session, counts func(Capability) bool) snapshot.CapSet {
	var set snapshot.CapSet
	for _, x := range c.Capabilities {
		if counts(x) && (len(sessions) == 0 || slices.Contains(sessions, x.Session)) {
			set |= snapshot.Caps(x.Capability)
		}
	}
	return set
}

// Evidence are the checks that show the use of a capability, the first first.
func (c *Container) Evidence(name string) []Capability {
	var out []Capability
	for _, x := range c.Capabilities {
		folded := x.Capability == "DAC_READ_SEARCH" && name == "DAC_OVERRIDE"
		if x.Counts() && (x.Capability == name || folded) {
			out = append(out, x)
		}
	}
	slices.SortStableFunc(out, func(a, b Capability) int { return a.First.Compare(b.First) })
	return out
}
