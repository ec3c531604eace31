package container

import (
	"cmp"
	"slices"
	"strings"

	"seawall/lang"
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
			Edits:   rule.Edits{Do: []rule.Edit{rule.Drop("device_cgroup_rules")}},
		},
		Refs: rule.Refs{CISRelated: "5.18", NIST: "4.4.3", ATTACK: "T1611", Guide: "G25", Docs: "docker container run"},
		Bad: []rule.Example{
			{Run: "docker run --device-cgroup-rule 'a *:* rwm' alpine"},
			{Run: "docker run --device-cgroup-rule 'b 8:* r' alpine"},
			{Run: "docker run --device-cgroup-rule 'c 188:* rw' alpine"},
		},
		Good: []rule.Example{{Run: "docker run alpine"}, {Run: "docker run --device-cgroup-rule 'c *:* m' alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			if a, covered := coveredByPrivileged(c, ctr); covered {
				return a
			}
			rules := ctr.DeviceCgroupRules.Read(c)
			widest, worst := "", rule.Severity(0)
			if len(rules) > 0 {
				widest = slices.MaxFunc(rules, func(a, b string) int { return cmp.Compare(deviceRuleSeverity(a), deviceRuleSeverity(b)) })
				worst = deviceRuleSeverity(widest)
			}
			if worst == 0 {
				return c.Pass("no device rule of its own opens more than every container has")
			}
			reason := ""
			if worst < rule.High {
				reason = lang.T("the rule is about one kind of character devices")
			}
			return failGraded(c, ctr, worst, reason, "it may open devices by the rule %q%s", widest, life(ctr))
		},
	}
}

// kindsOfDevices are character devices that are worse than others, or that
// every container may open, by their numbers (the kernel's devices.txt).
var kindsOfDevices = map[string]rule.Severity{
	"*":      rule.High,
	"1":      rule.High,   // memory
	"1:3":    0,           // null
	"1:5":    0,           // zero
	"1:7":    0,           // full
	"1:8":    0,           // random
	"1:9":    0,           // urandom
	"4":      rule.Medium, // consoles
	"7":      rule.Medium, // what consoles show
	"10:*":   rule.High,   // among others those that type as the user
	"10:223": rule.High,   // uinput
	"13":     rule.Medium, // keyboards
	"21":     rule.High,   // raw commands to disks
	"90":     rule.High,   // firmware
	"202":    rule.High,   // processors' registers
}

// deviceRuleSeverity judges a rule such as "c 188:* rw": all devices and disks
// are worse than one kind of character device. Making device files, "m", is
// allowed to every container.
func deviceRuleSeverity(r string) rule.Severity {
	kind, rest, _ := strings.Cut(r, " ")
	numbers, access, _ := strings.Cut(rest, " ")
	if access == "m" {
		return 0
	}
	if kind != "c" {
		return rule.High
	}
	major, _, _ := strings.Cut(numbers, ":")
	for _, n := range []string{numbers, major} {
		if s, known := kindsOfDevices[n]; known {
			return s
		}
	}
	return rule.Low
}
