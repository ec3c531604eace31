package host

import (
	"seawall/currency"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func kernelBehind() *rule.Rule {
	return &rule.Rule{
		ID:       "kernel-behind-vendor",
		Title:    "The vendor has a newer kernel than is installed",
		Severity: rule.Medium,
		Lists:    true,
		Why: "Every update of a kernel mends flaws by the hundred, most of which nobody has weighed. How far the host is behind says more than a list of them; " +
			"those that are known to serve for leaving a container are judged by kernel-has-known-container-escape.",
		Fix: rule.Fix{
			Text:   "Install the newest kernel of the distribution and restart the host.",
			Shell:  "sudo apt-get update && sudo apt-get upgrade && sudo systemctl reboot   # or: sudo dnf upgrade kernel && sudo systemctl reboot",
			Breaks: "The restart stops all containers; modules from elsewhere must be built for the new kernel.",
		},
		Refs: rule.Refs{NIST: "4.5.3", ATTACK: "T1068", Guide: "G23"},
		Bad:  []rule.Example{{Show: "linux-image-amd64 6.12.57-1 is installed, 6.12.117-1 is in the lists", Facts: kernelInLists("6.12.57-1", "6.12.117-1")}},
		Good: []rule.Example{{Show: "the newest of the lists is installed", Facts: kernelInLists("6.12.117-1", "6.12.117-1")}},
		Host: checkKernelBehind,
	}
}

// kernelInLists is a host with a kernel of Debian, and lists with another.
func kernelInLists(installed, newest string) func(*snapshot.Snapshot) {
	meta := snapshot.Package{Manager: "dpkg", Name: "linux-image-amd64", Version: installed, Source: "linux-signed-amd64", SourceVersion: installed}
	return func(s *snapshot.Snapshot) {
		debianKernel(installed, meta, kernelPackage("6.12.57+deb13-amd64", installed))(s)
		lists(snapshot.PackageLists{Newest: map[string]string{"linux-image-amd64": newest}})(s)
	}
}

func checkKernelBehind(c *rule.Context, h *snapshot.Host) rule.Answer {
	installed, ok := h.Software.Kernel.Installed.Look(c)
	if !ok {
		c.Stop()
	}
	if len(installed) == 0 {
		h.Software.Lists.Look(c)
		return c.NotApplicable("no package on this host holds a kernel")
	}
	return checkLists(c, h, currency.KernelWaiting, lang.T("no newer kernel is in the lists"))
}
