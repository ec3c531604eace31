package host

import (
	"strings"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func withoutLSM() *rule.Rule {
	return &rule.Rule{
		ID:       "host-without-lsm",
		Title:    "Neither AppArmor nor SELinux is on",
		Severity: rule.Medium,
		Why: "With a security module a process that gets out of its container still meets a policy: it may not mount, not write to /proc/sys, not read other containers' files. " +
			"This host has none, so a single mistake in capabilities or mounts is not caught.",
		Fix: rule.Fix{
			Text:   "Turn on the module that the distribution supports: AppArmor on Debian, Ubuntu and SUSE, SELinux on Fedora, RHEL and their like.",
			Shell:  "sudo apt-get install apparmor   # kernel command line: apparmor=1 security=apparmor\nsudo dnf install container-selinux   # /etc/selinux/config: SELINUX=enforcing, then touch /.autorelabel",
			Breaks: "A reboot is needed; SELinux relabels all files, and services without a fitting policy may be refused.",
		},
		Refs: rule.Refs{CISRelated: "5.2 5.3", NIST: "4.4.3 4.5.2", ATTACK: "T1611", Guide: "G20", Docs: "AppArmor security profiles for Docker"},
		Bad:  []rule.Example{{Show: "a kernel started with apparmor=0", Facts: lsm(false, snapshot.SELinux{})}},
		Good: []rule.Example{
			{Show: "AppArmor", Facts: lsm(true, snapshot.SELinux{})},
			{Show: "SELinux", Facts: lsm(false, snapshot.SELinux{Enabled: true, Enforcing: true})},
		},
		Host: checkLSM,
	}
}

func lsm(apparmor bool, selinux snapshot.SELinux) func(*snapshot.Snapshot) {
	return example.Host(func(h *snapshot.Host) {
		example.Set(&h.AppArmor, snapshot.AppArmor{Enabled: apparmor})
		example.Set(&h.SELinux, selinux)
	})
}

func checkLSM(c *rule.Context, h *snapshot.Host) rule.Answer {
	if h.AppArmor.Read(c).Enabled {
		return c.Pass("AppArmor is on")
	}
	if h.SELinux.Read(c).Enabled {
		return c.Pass("SELinux is on")
	}
	if active, _ := h.LSMs.Peek(); len(active) > 0 {
		return c.Fail("neither AppArmor nor SELinux is on; the kernel runs %s", strings.Join(active, ", "))
	}
	return c.Fail("neither AppArmor nor SELinux is on")
}
