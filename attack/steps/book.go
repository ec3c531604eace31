package steps

import (
	"slices"

	"seawall/attack"
	"seawall/attack/steps/container"
	"seawall/attack/steps/device"
	"seawall/attack/steps/engine"
	"seawall/attack/steps/host"
	"seawall/attack/steps/mount"
)

// All is the book of all steps.
func All() *attack.Book {
	return attack.MustBook(slices.Concat(container.Steps(), device.Steps(), mount.Steps(), engine.Steps(), host.Steps())...)
}
