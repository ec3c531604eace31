package device

import (
	"slices"

	"seawall/attack"
)

// Steps are those through devices of the host that a container may open.
func Steps() []*attack.Step { return slices.Concat(disks(), devices()) }
