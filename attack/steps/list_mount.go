package steps

import (
	"slices"

	"seawall/attack"
)

// mountSteps are those that go by files of the host and of other containers that a
// container has inside, sockets included.
func mountSteps() []*attack.Step {
	return slices.Concat(writeSteps(), serviceSteps(), []*attack.Step{
		dockerSockMount(),
		dockerSockGID(),
		rootlessSockMount(),
		containerdSockMount(),
	})
}
