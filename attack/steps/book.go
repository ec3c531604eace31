package steps

import (
	"slices"

	"seawall/attack"
)

// All is the book of all steps.
func All() *attack.Book {
	return attack.MustBook(slices.Concat(containerSteps(), deviceSteps(), mountSteps(), engineSteps(), hostSteps())...)
}
