package host

import (
	"strings"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func hasCompilers() *rule.Rule {
	return &rule.Rule{
		ID:       "host-has-compilers",
		Title:    "Compilers or tools of attackers are installed on the container host",
		Severity: rule.Low,
		Why: "Who has got onto the host, or can start a program of it from a container, finds what is needed to build an exploit for exactly this kernel, or to look for the next host. " +
			"Programs for containers are built in containers; the host needs no compiler.",
		Fix: rule.Fix{
			Text:   "Remove the packages, and build in containers.",
			Shell:  "dpkg -S /usr/bin/gcc || rpm -qf /usr/bin/gcc\nsudo apt-get purge gcc g++ && sudo apt-get autoremove",
			Breaks: "Modules that the host builds for each new kernel (DKMS), and builds that run on the host.",
		},
		Refs: rule.Refs{CISRelated: "1.2.1", NIST: "4.5.1", ATTACK: "T1588.002", Guide: "G24"},
		Bad: []rule.Example{{Show: "apt-get install gcc nmap", Facts: example.Host(func(h *snapshot.Host) {
			example.Add(&h.Tools, snapshot.Tool{Name: "gcc", Path: "/usr/bin/gcc"}, snapshot.Tool{Name: "nmap", Path: "/usr/bin/nmap"})
		})}},
		Good: []rule.Example{{Show: "none of them", Facts: func(*snapshot.Snapshot) {}}},
		Host: checkTools,
	}
}

func checkTools(c *rule.Context, h *snapshot.Host) rule.Answer {
	var found []string
	for _, tool := range h.Tools.Read(c) {
		found = append(found, tool.Path)
	}
	if len(found) > 0 {
		return c.Fail("installed are %s", strings.Join(found, ", "))
	}
	return c.Pass("no compiler and no tool of attackers is on the usual paths")
}
