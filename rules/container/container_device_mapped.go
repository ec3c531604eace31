package container

import (
	"cmp"
	"slices"

	"seawall/hostplace"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func deviceMapped() *rule.Rule {
	return &rule.Rule{
		ID:       "container-device-mapped",
		Title:    "A container has devices of the host",
		Severity: rule.High,
		Why: "A disk given to a container is read and written past all file permissions of the host; memory devices give the kernel itself. " +
			"Other devices open their driver's code, and what they are connected to.",
		Fix: rule.Fix{
			Text:    "Give only the devices that the workload uses, with the fewest permissions, and file systems instead of disks.",
			Run:     "--device /dev/ttyUSB0:/dev/ttyUSB0:rw   # no disks, no /dev/mem",
			Compose: "services:\n  web:\n    devices: [\"/dev/ttyUSB0:/dev/ttyUSB0:rw\"]",
			Breaks:  "Programs that use the device.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.Drop("devices"), rule.Drop("gpus"), rule.Drop("deploy.resources.reservations.devices")}},
		},
		Refs: rule.Refs{CIS: "5.18", NIST: "4.4.3", ATTACK: "T1611", Guide: "G25", Docs: "docker container run", Peers: "CL-0016"},
		Bad: []rule.Example{
			{Run: "docker run --device /dev/sda alpine"},
			{Run: "docker run --device /dev/mem:/dev/mem:r alpine"},
			{Run: "docker run --device /dev/net/tun alpine"},
			{Run: "docker run --gpus all alpine"},
		},
		Good: []rule.Example{{Run: "docker run alpine"}, {Run: "docker run --device /dev/null:/dev/x alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			if a, covered := coveredByPrivileged(c, ctr); covered {
				return a
			}
			kinds, names := hostDevices(c, ctr)
			if len(kinds) == 0 {
				return c.Pass("it has no devices of the host")
			}
			worst := slices.MaxFunc(kinds, func(a, b hostplace.Device) int { return cmp.Compare(a.Severity, b.Severity) })
			reason := ""
			if worst.Severity != rule.High {
				reason = worst.What
			}
			return failGraded(c, ctr, worst.Severity, reason, "it has %s: %s%s", lang.Comma(names), worst.What, life(ctr))
		},
	}
}

// hostDevices gives the container's devices that matter, and their names.
func hostDevices(c *rule.Context, ctr *snapshot.Container) (kinds []hostplace.Device, names []string) {
	devices, _ := ctr.Devices.Try(c)
	for _, d := range devices {
		if k := hostplace.DeviceOf(d.Host); k.Severity != 0 {
			kinds, names = append(kinds, k), append(names, d.Host+" ("+d.Permissions+")")
		}
	}
	requests, _ := ctr.DeviceRequests.Try(c)
	for _, r := range requests {
		kinds, names = append(kinds, hostplace.Device{Severity: rule.Low, What: lang.T("it is a device of the host")}), append(names, r)
	}
	return kinds, names
}
