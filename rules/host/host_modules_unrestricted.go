package host

import (
	"strings"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func modulesUnrestricted() *rule.Rule {
	return &rule.Rule{
		ID:       "host-modules-unrestricted",
		Title:    "The kernel loads any module",
		Severity: rule.Low,
		Why: "Whoever is root of the host, also from a privileged container or one with SYS_MODULE, can put code of their own into the kernel, where nothing sees it any more. " +
			"Kernels can refuse modules without the distribution's signature, or all modules once everything is loaded.",
		Fix: rule.Fix{
			Text:   "Let the kernel refuse unsigned modules, by Secure Boot's lockdown or module.sig_enforce=1; or switch loading off when the host is up.",
			Shell:  "cat /sys/module/module/parameters/sig_enforce /sys/kernel/security/lockdown\n# module.sig_enforce=1 on the kernel's command line, or when all is loaded:\nsudo sysctl -w kernel.modules_disabled=1",
			Breaks: "Modules that are built on the host, such as DKMS's, must be signed with an enrolled key; without loading, new devices, file systems and packet filters stay unknown, so that engines may fail to start.",
		},
		Refs: rule.Refs{NIST: "4.5.2 4.5.3", ATTACK: "T1547.006", Guide: "G20"},
		Bad:  []rule.Example{{Show: "sig_enforce N, lockdown none", Facts: signatures("N")}},
		Good: []rule.Example{
			{Show: "module.sig_enforce=1", Facts: signatures("Y")},
			{Show: "sysctl -w kernel.modules_disabled=1", Facts: example.Sysctl("kernel.modules_disabled", "1")},
			{Show: "lockdown=integrity", Facts: example.Host(func(h *snapshot.Host) { example.Set(&h.ModuleSignatures, "N"); example.Set(&h.Lockdown, "integrity") })},
		},
		Host: checkModules,
	}
}

func signatures(enforced string) func(*snapshot.Snapshot) {
	return example.Host(func(h *snapshot.Host) { example.Set(&h.ModuleSignatures, enforced) })
}

// checkModules asks what could refuse a module, one after the other. A kernel without
// kernel.modules_disabled loads none at all.
func checkModules(c *rule.Context, h *snapshot.Host) rule.Answer {
	disabled := h.Sysctls["kernel.modules_disabled"]
	value := strings.TrimSpace(disabled.Read(c))
	switch {
	case disabled.State() == snapshot.Absent:
		return c.NotApplicable("this kernel loads no modules")
	case value == "1":
		return c.Pass("kernel.modules_disabled is 1")
	}
	if enforced := h.ModuleSignatures.Read(c); strings.TrimSpace(enforced) == "Y" {
		return c.Pass("the kernel refuses modules without a valid signature")
	}
	if level := h.Lockdown.Read(c); level == "integrity" || level == "confidentiality" {
		return c.Pass("lockdown is %s, which refuses modules without a valid signature", level)
	}
	return c.Fail("modules without a valid signature are loaded")
}
