package host

import (
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func kernelTainted() *rule.Rule {
	return &rule.Rule{
		ID:       "host-kernel-tainted",
		Title:    "Code that nobody vouches for runs in the kernel",
		Severity: rule.Low,
		Why: "The kernel remembers that a module was loaded by force, without a valid signature, or from staging. Such code has all rights over all containers, " +
			"and what is said of this kernel's flaws holds only for the rest of it.",
		Fix: rule.Fix{
			Text:   "Find the module and use one of the distribution, or one that is signed; the mark stays until the next boot.",
			Shell:  "cat /proc/sys/kernel/tainted; sudo dmesg | grep -i taint\ngrep '(.*)' /proc/modules",
			Breaks: "Whatever needs the module.",
		},
		Refs: rule.Refs{NIST: "4.5.2 4.5.3", ATTACK: "T1547.006", Guide: "G23"},
		Bad:  []rule.Example{{Show: "a module without a signature (12288)", Facts: example.Sysctl("kernel.tainted", "12288")}},
		Good: []rule.Example{{Show: "0", Facts: example.Sysctl("kernel.tainted", "0")}, {Show: "a module from elsewhere, signed (4096)", Facts: example.Sysctl("kernel.tainted", "4096")}},
		Host: checkTainted,
	}
}

// taints are the bits of kernel.tainted that say that code is not vouched for
// (Documentation/admin-guide/tainted-kernels). Those that record warnings, crashes,
// the processor or a licence are left out.
var taints = []struct {
	bit  uint
	says string
}{
	{1, "a module was loaded by force"},
	{3, "a module was removed by force"},
	{10, "a module from staging was loaded"},
	{13, "a module without a valid signature was loaded"},
}

func checkTainted(c *rule.Context, h *snapshot.Host) rule.Answer {
	fact := h.Sysctls["kernel.tainted"]
	text := strings.TrimSpace(fact.Read(c))
	if fact.State() == snapshot.Absent {
		return c.NotApplicable("this kernel has no kernel.tainted")
	}
	mask, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		c.Missed(fact.Origin(), snapshot.Gap{Reason: snapshot.ReasonMalformed, Detail: lang.Sprintf("kernel.tainted is %q, which is no number", text)})
		return c.NotApplicable("not known")
	}
	var found []string
	for _, t := range taints {
		if mask>>t.bit&1 == 1 {
			found = append(found, t.says)
		}
	}
	if len(found) > 0 {
		return c.Fail("%s (kernel.tainted is %d)", strings.Join(found, ", "), mask)
	}
	return c.Pass("kernel.tainted is %d: no code was loaded that nobody vouches for", mask)
}
