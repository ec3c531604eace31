package steps

import "seawall/attack"

// All is the book of all steps.
func All() *attack.Book { return attack.MustBook(list()...) }

// list has all steps by the thing that they go by.
func list() []*attack.Step {
	return []*attack.Step{
		imageRunsAsRoot(),
		privilegedContainer(),
		capSysModule(),
	}
}
