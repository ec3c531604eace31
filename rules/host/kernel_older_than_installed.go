package host

import (
	"seawall/currency"
	"seawall/rule"
	"seawall/snapshot"
)

func kernelOlder() *rule.Rule {
	return &rule.Rule{
		ID:       "kernel-older-than-installed",
		Title:    "A newer kernel is installed than runs",
		Severity: rule.Medium,
		Why:      "The kernel is what keeps containers apart and in. A newer one, with the flaws of this one mended, is installed and does nothing until the host is restarted.",
		Fix: rule.Fix{
			Text:   "Restart the host.",
			Shell:  "uname -v; dpkg -l 'linux-image-*'\nsudo systemctl reboot",
			Breaks: "All containers stop; those with a restart policy come back.",
		},
		Refs: rule.Refs{NIST: "4.5.3", ATTACK: "T1068", Guide: "G23"},
		Bad: []rule.Example{{Show: "6.12.57-1 runs, 6.12.117-1 is installed", Facts: debianKernel("6.12.57-1",
			kernelPackage("6.12.57+deb13-amd64", "6.12.57-1"), kernelPackage("6.12.117+deb13-amd64", "6.12.117-1"))}},
		Good: []rule.Example{{Show: "the newest that is installed runs", Facts: debianKernel("6.12.117-1",
			kernelPackage("6.12.57+deb13-amd64", "6.12.57-1"), kernelPackage("6.12.117+deb13-amd64", "6.12.117-1"))}},
		Host: checkKernelOlder,
	}
}

func checkKernelOlder(c *rule.Context, h *snapshot.Host) rule.Answer {
	k := &h.Software.Kernel
	h.Kernel.Read(c)
	k.Build.Read(c)
	installed, ok := k.Installed.Look(c)
	if !ok {
		c.Stop()
	}
	if found := notices(c, currency.KernelOlder); len(found) > 0 {
		return failWith(c, k.Installed.Origin(), found)
	}
	pkg, _ := k.Package.Look(c)
	if pkg.Name == "" && !c.Currency().KernelNamed {
		if len(installed) == 0 {
			return c.NotApplicable("no package on this host holds a kernel")
		}
		return c.NotApplicable("the running kernel is of no package")
	}
	return c.Pass("none of the %d installed kernels is newer than the one that runs", len(installed))
}
