package steps

import "seawall/attack"

// containerSteps are those that go by what confines a container: its user, its
// capabilities, its namespaces, its devices and the guards of the kernel.
func containerSteps() []*attack.Step {
	return []*attack.Step{
		imageRunsAsRoot(),
		privilegedContainer(),
		capSysModule(),
	}
}
