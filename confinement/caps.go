package confinement

import "seawall/snapshot"

// Capabilities are those of a container, as asked for and as the kernel has
// them.
type Capabilities struct {
	// Asked is what the settings surely grant: the engine's defaults, what was
	// added and dropped, all if privileged.
	Asked snapshot.CapSet
	// Complete: all settings could be read, so that nothing else is asked for.
	Complete bool
	// Kernel: the bounding set of the process was read. It is what any process
	// of the container can ever hold.
	Kernel   bool
	Bounding snapshot.CapSet
}

// CapabilitiesOf gives the capabilities of a container. Settings that cannot
// be read are recorded as missed; an unreadable process is not, since the
// settings alone tell what was asked for (see [Capabilities.Holds]).
func CapabilitiesOf(w snapshot.Witness, c *snapshot.Container) Capabilities {
	var out Capabilities
	out.Asked, out.Complete = asked(w, c)
	if p := peekProcess(c); p.CapBounding.State() == snapshot.Seen {
		out.Kernel = true
		out.Bounding, _ = p.CapBounding.Try(w)
	}
	return out
}

// Holds reports whether the container surely holds every one of the
// capabilities: by the kernel if it was asked, else by the settings.
func (c Capabilities) Holds(caps snapshot.CapSet) bool {
	if c.Kernel {
		return c.Bounding.Has(caps)
	}
	return c.Asked.Has(caps)
}

// Beyond are the capabilities that the kernel shows and nobody asked for. It is
// empty where that cannot be told.
func (c Capabilities) Beyond() snapshot.CapSet {
	if !c.Complete || c.Asked == snapshot.AllCaps { // a newer kernel may have more than are known by name
		return 0
	}
	return c.Bounding &^ c.Asked
}

// asked computes what the engine grants, as it does itself (moby,
// daemon/pkg/oci/caps, TweakCapabilities). What depends on a setting that could
// not be read is left out.
func asked(w snapshot.Witness, c *snapshot.Container) (snapshot.CapSet, bool) {
	privileged, known := c.Privileged.Try(w)
	if privileged {
		return snapshot.AllCaps, true
	}
	caps, complete := AskedUnprivileged(w, c)
	return caps, complete && known
}

// AskedUnprivileged is what the settings surely grant a container besides what
// --privileged gives, and whether they could all be read.
func AskedUnprivileged(w snapshot.Witness, c *snapshot.Container) (snapshot.CapSet, bool) {
	add, knownAdd := c.CapAdd.Try(w)
	drop, knownDrop := c.CapDrop.Try(w)
	switch {
	case !knownAdd, !knownDrop && add == snapshot.AllCaps:
		return 0, false
	case !knownDrop:
		return add, false
	case drop == snapshot.AllCaps:
		return add, true
	case add == snapshot.AllCaps:
		return add &^ drop, true
	}
	return snapshot.DefaultCaps&^drop | add, true
}
