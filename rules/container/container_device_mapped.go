package container

import (
	"strings"

	"seawall/rule"
	"seawall/rules/internal/hostpath"
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
		},
		Refs: rule.Refs{CIS: "5.18", NIST: "4.4.3", ATTACK: "T1611", Guide: "G25", Docs: "docker container run"},
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
			worst, names := worstDevice(c, ctr)
			if worst.Severity == 0 {
				return c.Pass("it has no devices of the host")
			}
			reason := ""
			if worst.Severity != rule.High {
				reason = worst.What
			}
			return failGraded(c, ctr, worst.Severity, reason, "it has %s: %s%s", names, worst.What, life(ctr))
		},
	}
}

// worstDevice gives the worst of the container's devices and the names of all
// that matter.
func worstDevice(c *rule.Context, ctr *snapshot.Container) (hostpath.Device, string) {
	var worst hostpath.Device
	var names []string
	devices, _ := ctr.Devices.Try(c)
	for _, d := range devices {
		k := hostpath.DeviceOf(d.Host)
		if k.Severity == 0 {
			continue
		}
		names = append(names, d.Host+" ("+d.Permissions+")")
		if k.Severity > worst.Severity {
			worst = k
		}
	}
	requests, _ := ctr.DeviceRequests.Try(c)
	for _, r := range requests {
		names = append(names, r)
		if worst.Severity == 0 {
			worst = hostpath.Device{Severity: rule.Low, What: "it is a device of the host"}
		}
	}
	return worst, strings.Join(names, ", ")
}
