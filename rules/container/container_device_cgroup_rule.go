package container

import (
	"strings"

	"seawall/rule"
	"seawall/snapshot"
)

func deviceCgroupRule() *rule.Rule {
	return &rule.Rule{
		ID:       "container-device-cgroup-rule",
		Title:    "A container may open devices that it was not given",
		Severity: rule.High,
		Why: "A device rule lets the container open every device of those numbers. " +
			"Root in a container makes the missing device file itself, with MKNOD, which is a default capability.",
		Fix: rule.Fix{
			Text:    "Give single devices with --device instead, or a rule for the one kind of device that comes and goes.",
			Run:     "instead of --device-cgroup-rule 'a *:* rwm': --device /dev/ttyUSB0, or --device-cgroup-rule 'c 188:* rw'",
			Compose: "services:\n  web:\n    device_cgroup_rules: [\"c 188:* rw\"]",
			Breaks:  "Programs that open devices plugged in later.",
		},
		Refs: rule.Refs{CISRelated: "5.18", NIST: "4.4.3", ATTACK: "T1611", Guide: "G25", Docs: "docker container run"},
		Bad: []rule.Example{
			{Run: "docker run --device-cgroup-rule 'a *:* rwm' alpine"},
			{Run: "docker run --device-cgroup-rule 'b 8:* r' alpine"},
			{Run: "docker run --device-cgroup-rule 'c 188:* rw' alpine"},
		},
		Good: []rule.Example{{Run: "docker run alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			if a, covered := coveredByPrivileged(c, ctr); covered {
				return a
			}
			worst, widest := rule.Severity(0), ""
			rules := ctr.DeviceCgroupRules.Read(c)
			for _, r := range rules {
				if s := deviceRuleSeverity(r); s > worst {
					worst, widest = s, r
				}
			}
			if worst == 0 {
				return c.Pass("it has no device rules of its own")
			}
			reason := ""
			if worst < rule.High {
				reason = "the rule is about one kind of character devices"
			}
			return failGraded(c, ctr, worst, reason, "it may open devices by the rule %q%s", widest, life(ctr))
		},
	}
}

// deviceRuleSeverity judges a rule such as "c 188:* rw": all devices, disks and
// memory (character devices 1:*) are worse than one kind of character device.
func deviceRuleSeverity(r string) rule.Severity {
	kind, rest, _ := strings.Cut(strings.TrimSpace(r), " ")
	numbers, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	major, _, _ := strings.Cut(numbers, ":")
	if kind == "c" && major != "*" && major != "1" {
		return rule.Low
	}
	return rule.High
}
