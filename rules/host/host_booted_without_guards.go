package host

import (
	"slices"
	"strings"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func bootedWithoutGuards() *rule.Rule {
	return &rule.Rule{
		ID:       "host-booted-without-guards",
		Title:    "The kernel was started with guards switched off",
		Severity: rule.Medium,
		Why: "An option of the kernel's command line turns off something that keeps processes from each other or from the kernel: mitigations of the processor's flaws, " +
			"random addresses, AppArmor, SELinux. It holds for every container, whatever its settings say.",
		Fix: rule.Fix{
			Text:   "Remove the option from the boot loader's configuration and restart the host.",
			Shell:  "cat /proc/cmdline\nsudoedit /etc/default/grub && sudo update-grub && sudo systemctl reboot",
			Breaks: "Mitigations cost speed, some of them several percent, most where processes change often.",
		},
		Refs: rule.Refs{NIST: "4.5.2 4.5.3", ATTACK: "T1562", Guide: "G20 G23"},
		Bad:  []rule.Example{{Show: "mitigations=off", Facts: bootedWith("mitigations=off")}, {Show: "nokaslr apparmor=0", Facts: bootedWith("nokaslr", "apparmor=0")}},
		Good: []rule.Example{{Show: "mitigations=auto,nosmt apparmor=1", Facts: bootedWith("mitigations=auto,nosmt", "apparmor=1")}},
		Host: checkBoot,
	}
}

func bootedWith(options ...string) func(*snapshot.Snapshot) {
	return example.Host(func(h *snapshot.Host) { example.Set(&h.BootOptions, options) })
}

// guardsOff are the options that switch a guard off. Those of single mitigations count
// where their name alone says so, or their value is off.
var guardsOff = []string{
	"apparmor=0", "kpti=0", "kpti=off", "lockdown=none", "noexec=off", "nokaslr", "nopti", "nosmap", "nosmep", "nospec_store_bypass_disable", "nospectre_v1", "nospectre_v2", "selinux=0", "vsyscall=native",
}

// switchesOff reports whether a boot option switches a guard off.
func switchesOff(option string) bool {
	option = strings.ReplaceAll(option, "-", "_")
	name, value, _ := strings.Cut(option, "=")
	mitigation := !slices.Contains([]string{"init_on_alloc", "init_on_free", "iommu", "randomize_kstack_offset", "tsx", "systemd.unified_cgroup_hierarchy"}, name)
	return slices.Contains(guardsOff, option) || mitigation && value == "off"
}

func checkBoot(c *rule.Context, h *snapshot.Host) rule.Answer {
	var off []string
	for _, option := range h.BootOptions.Read(c) {
		if switchesOff(option) {
			off = append(off, option)
		}
	}
	if len(off) > 0 {
		return c.Fail("the kernel was started with %s", strings.Join(off, " "))
	}
	return c.Pass("no option on the kernel's command line switches a guard off")
}
