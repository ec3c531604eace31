package change

import "seawall/attack"

// The changes to devices.
var (
	RemoveDevice = &attack.ChangeKind{
		ID: "remove-device", Text: "Run {subject} without the device {detail}",
		Weight: 2, Disruption: attack.Recreate, Breaks: "What it does with the device.",
		Run: "remove: --device {detail}", Compose: "services:\n  {subject}:\n    devices: []   # without {detail}",
	}
	ReadOnlyDevice = &attack.ChangeKind{
		ID: "read-only-device", Text: "Give {subject} the device {detail} for reading only",
		Weight: 1, Disruption: attack.Recreate, Breaks: "What it writes to the device.",
		Run: "--device {detail}:{detail}:r", Compose: "services:\n  {subject}:\n    devices: [\"{detail}:{detail}:r\"]",
	}
	RemoveDeviceRule = &attack.ChangeKind{
		ID: "remove-device-rule", Text: "Run {subject} without the device rule {detail}",
		Weight: 2, Disruption: attack.Recreate, Breaks: "Programs that open devices plugged in later.",
		Run: "instead of --device-cgroup-rule '{detail}': --device /dev/NAME", Compose: "services:\n  {subject}:\n    device_cgroup_rules: []   # without {detail}",
	}
	RemoveDeviceRequest = &attack.ChangeKind{
		ID: "remove-device-request", Text: "Run {subject} without the requested devices {detail}",
		Weight: 2, Disruption: attack.Recreate, Breaks: "What it computes there.",
		Run: "remove: --gpus", Compose: "services:\n  {subject}:\n    deploy: {}   # without reservations of devices",
	}
)
