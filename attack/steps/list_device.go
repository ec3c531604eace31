package steps

import (
	"slices"

	"seawall/attack"
)

// deviceSteps are those through devices of the host that a container may open.
func deviceSteps() []*attack.Step { return slices.Concat(disks(), devices()) }
