package host

import (
	"maps"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func cpuVulnerable() *rule.Rule {
	return &rule.Rule{
		ID:       "host-cpu-vulnerable",
		Title:    "The processor leaks memory between processes",
		Severity: rule.Medium,
		Why: "The kernel says that this processor has flaws of speculative execution for which no mitigation is in force. " +
			"A process in a container can read memory of the kernel or of other containers; that weighs most where customers or projects share the host.",
		Fix: rule.Fix{
			Text:   "Update microcode and kernel, and remove mitigations=off from the kernel's command line.",
			Shell:  "grep -r . /sys/devices/system/cpu/vulnerabilities/\nsudo apt-get install intel-microcode amd64-microcode   # or: dnf install microcode_ctl; then reboot",
			Breaks: "Mitigations cost speed, some of them several percent; in a virtual machine the host below must offer them.",
		},
		Refs: rule.Refs{NIST: "4.5.2 4.5.3", ATTACK: "T1212", Guide: "G23"},
		Bad:  []rule.Example{{Show: "mitigations=off", Facts: vulnerabilities("Vulnerable")}, {Show: "no microcode", Facts: vulnerabilities("Vulnerable: Clear CPU buffers attempted, no microcode")}},
		Good: []rule.Example{{Show: "mitigated or not affected", Facts: vulnerabilities("Not affected")}},
		Host: checkCPU,
	}
}

func vulnerabilities(mds string) func(*snapshot.Snapshot) {
	return example.Host(func(h *snapshot.Host) {
		example.Set(&h.CPUVulnerabilities, map[string]string{"meltdown": "Mitigation: PTI", "mds": mds})
	})
}

func checkCPU(c *rule.Context, h *snapshot.Host) rule.Answer {
	states := h.CPUVulnerabilities.Read(c)
	if h.CPUVulnerabilities.State() == snapshot.Absent {
		return c.NotApplicable("this kernel does not tell about its processor")
	}
	var open []string
	for _, name := range slices.Sorted(maps.Keys(states)) {
		switch state := states[name]; {
		case strings.HasPrefix(state, "Vulnerable"):
			open = append(open, name)
		case strings.HasPrefix(state, "Unknown"):
			c.Missed(h.CPUVulnerabilities.Origin(), snapshot.Gap{Reason: snapshot.ReasonUnsupported, Detail: lang.Sprintf("of %s the kernel says: %s", name, state), Remedy: lang.T("ask who runs the host below")})
		}
	}
	if len(open) > 0 {
		return c.Fail("no mitigation is in force for %s", strings.Join(open, ", "))
	}
	return c.Pass("every known flaw of the processor is mitigated or absent")
}
