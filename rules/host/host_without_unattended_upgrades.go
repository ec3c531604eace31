package host

import (
	"seawall/currency"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func noUnattended() *rule.Rule {
	return &rule.Rule{
		ID:       "host-without-unattended-upgrades",
		Title:    "Nobody installs security updates by itself",
		Severity: rule.Low,
		Why:      "Between the day on which a flaw and its mend are published and the day on which somebody logs in and updates, the host is open. apt can install security updates every day.",
		Fix: rule.Fix{
			Text:   "Install and turn on unattended-upgrades. Hold the engine's packages if it must restart at a time of your choice.",
			Shell:  "sudo apt-get install unattended-upgrades\nsudo dpkg-reconfigure -plow unattended-upgrades\nsudo systemctl unmask apt-daily.timer apt-daily-upgrade.timer\nsudo systemctl enable --now apt-daily.timer apt-daily-upgrade.timer",
			Breaks: "An update of the engine restarts the daemon, which stops containers unless live restore is on.",
		},
		Refs: rule.Refs{NIST: "4.5.3", ATTACK: "T1190", Guide: "G23"},
		Bad: []rule.Example{
			{Show: "not installed", Facts: upgrades(snapshot.Unattended{})},
			{Show: `APT::Periodic::Unattended-Upgrade "0"`, Facts: upgrades(snapshot.Unattended{Installed: true, Enabled: "0"})},
			{Show: "systemctl mask apt-daily-upgrade.timer", Facts: upgrades(snapshot.Unattended{Installed: true, Enabled: "1", TimersOff: []string{"apt-daily-upgrade.timer is masked"}})},
		},
		Good: []rule.Example{{Show: `APT::Periodic::Unattended-Upgrade "1"`, Facts: upgrades(snapshot.Unattended{Installed: true, Enabled: "1"})}},
		Host: checkUnattended,
	}
}

func upgrades(u snapshot.Unattended) func(*snapshot.Snapshot) {
	return software(func(s *snapshot.Software) { example.Set(&s.Unattended, u) })
}

func checkUnattended(c *rule.Context, h *snapshot.Host) rule.Answer {
	h.Software.Unattended.Read(c)
	if h.Software.Unattended.State() == snapshot.Absent {
		return c.NotApplicable("this host has no apt")
	}
	if found := notices(c, currency.NoUnattended); len(found) > 0 {
		return failWith(c, h.Software.Unattended.Origin(), found)
	}
	return c.Pass("apt installs updates by itself")
}
