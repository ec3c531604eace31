package host

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func seccompUnsupported() *rule.Rule {
	return &rule.Rule{
		ID:       "host-seccomp-unsupported",
		Title:    "The kernel cannot filter system calls",
		Severity: rule.High,
		Why:      "Without seccomp in the kernel no container has a system call filter, whatever its settings say. Most escapes by kernel flaws need a call that the default filter refuses.",
		Fix: rule.Fix{
			Text:   "Run a kernel with CONFIG_SECCOMP_FILTER, as every current distribution ships.",
			Shell:  "grep SECCOMP_FILTER /boot/config-$(uname -r)",
			Breaks: "A change of kernel needs a reboot.",
		},
		Refs: rule.Refs{CISRelated: "5.22", NIST: "4.5.2 4.5.3", ATTACK: "T1611 T1068", Guide: "G20", Docs: "Seccomp security profiles for Docker"},
		Bad:  []rule.Example{{Show: "a kernel without CONFIG_SECCOMP_FILTER", Facts: example.Host(func(h *snapshot.Host) { example.Set(&h.SeccompFilter, false) })}},
		Good: []rule.Example{{Show: "a kernel with it", Facts: func(*snapshot.Snapshot) {}}},
		Host: func(c *rule.Context, h *snapshot.Host) rule.Answer {
			if h.SeccompFilter.Read(c) {
				return c.Pass("the kernel can filter system calls")
			}
			return c.Fail("the kernel cannot filter system calls")
		},
	}
}
