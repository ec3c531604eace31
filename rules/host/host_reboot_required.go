package host

import (
	"seawall/currency"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func rebootRequired() *rule.Rule {
	return &rule.Rule{
		ID:       "host-reboot-required",
		Title:    "Installed updates wait for a restart of the host",
		Severity: rule.Medium,
		Why:      "Packages were updated that take effect only after a restart: the kernel, which all containers share, or libraries that everything uses. Until then the old code runs.",
		Fix: rule.Fix{
			Text:   "Restart the host.",
			Shell:  "cat /run/reboot-required.pkgs\nsudo systemctl reboot",
			Breaks: "All containers stop; those with a restart policy come back.",
		},
		Refs: rule.Refs{NIST: "4.5.3", ATTACK: "T1068", Guide: "G23"},
		Bad: []rule.Example{{Show: "/run/reboot-required after apt-get upgrade", Facts: software(func(s *snapshot.Software) {
			example.Set(&s.RebootRequired, []string{"linux-image-amd64"})
		})}},
		Good: []rule.Example{{Show: "no /run/reboot-required", Facts: func(*snapshot.Snapshot) {}}},
		Host: checkReboot,
	}
}

// checkReboot asks the mark that packages of Debian and its kin leave; elsewhere
// there is none.
func checkReboot(c *rule.Context, h *snapshot.Host) rule.Answer {
	h.Software.RebootRequired.Read(c)
	if found := notices(c, currency.RebootNeeded); len(found) > 0 {
		return failWith(c, h.Software.RebootRequired.Origin(), found)
	}
	h.Software.Unattended.Read(c)
	if h.Software.Unattended.State() == snapshot.Absent {
		return c.NotApplicable("without apt no package leaves a mark that asks for a restart")
	}
	return c.Pass("no package asks for a restart of the host")
}
