package host

import (
	"seawall/currency/known"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/internal/advisories"
	"seawall/snapshot"
)

func kernelEscape() *rule.Rule {
	return &rule.Rule{
		ID:       "kernel-has-known-container-escape",
		Title:    "The kernel has flaws that are known to serve for leaving a container",
		Severity: rule.High,
		Why: "All containers share the host's kernel: a flaw that gives a process more rights gives them to a process in a container, past every setting of Docker. " +
			"Of the many flaws of kernels these are the ones that were used, or shown, for that; those whose part is not compiled into this kernel are left out.",
		Fix: rule.Fix{
			Text:   "Install the vendor's newest kernel and restart the host.",
			Shell:  "seawall updates --verbose   # which flaws, what mends them, and what helps until then\nsudo apt-get update && sudo apt-get upgrade && sudo reboot   # or: sudo dnf upgrade kernel && sudo reboot",
			Breaks: "The restart stops all containers; modules from elsewhere must be built for the new kernel.",
		},
		Refs: rule.Refs{NIST: "4.5.2 4.5.3", ATTACK: "T1611", Guide: "G23"},
		Bad: []rule.Example{
			{Show: "a kernel 6.18.44 of one's own", Facts: ownKernel("6.18.44")},
			{Show: "Debian's kernel 6.12.80-1", Facts: debianKernel("6.12.80-1")},
		},
		Good: []rule.Example{
			{Show: "a kernel 6.18.60 of one's own", Facts: ownKernel("6.18.60")},
			{Show: "Debian's kernel 6.12.117-1", Facts: debianKernel("6.12.117-1")},
		},
		Host: checkKernelEscape,
	}
}

// ownKernel is a kernel of no package.
func ownKernel(release string) func(*snapshot.Snapshot) {
	return example.Host(func(h *snapshot.Host) {
		example.Set(&h.Kernel, release)
		example.Set(&h.Software.Kernel.Build, "Linux version "+release+" (builder) #1 SMP")
	})
}

func checkKernelEscape(c *rule.Context, h *snapshot.Host) rule.Answer {
	h.Kernel.Read(c)
	return advisories.Open(c, advisories.Of(c, "", known.Kernel), rule.High)
}
