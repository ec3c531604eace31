package steps

import "seawall/attack"

// hostSteps are those that go by the host's accounts and files.
func hostSteps() []*attack.Step {
	return []*attack.Step{}
}
