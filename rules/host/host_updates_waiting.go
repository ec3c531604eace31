package host

import (
	"time"

	"seawall/currency"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func updatesWaiting() *rule.Rule {
	return &rule.Rule{
		ID:       "host-updates-waiting",
		Title:    "Newer packages of the engine, its parts or its clients wait",
		Severity: rule.Medium,
		Lists:    true,
		Why: "The package manager knows of newer versions of what this host runs containers with and has not installed them. " +
			"Not every one mends a flaw; of those that do, the flaw is known to all.",
		Fix: rule.Fix{
			Text:   "Install them.",
			Shell:  "sudo apt-get update && sudo apt-get install --only-upgrade docker-ce docker-ce-cli containerd.io\nsudo dnf upgrade docker-ce docker-ce-cli containerd.io",
			Breaks: "See the release notes; containers stop during the update of the engine unless live restore is on.",
		},
		Refs: rule.Refs{NIST: "4.4.1 4.5.3", ATTACK: "T1190", Guide: "G22"},
		Bad: []rule.Example{{Show: "docker-ce 29.8.2 is installed, 29.9.0 is in the lists", Facts: lists(snapshot.PackageLists{
			Newest: map[string]string{"docker-ce": "5:29.9.0-1~debian.13~trixie"}})}},
		Good: []rule.Example{{Show: "the newest of the lists is installed", Facts: lists(snapshot.PackageLists{
			Newest: map[string]string{"docker-ce": "5:29.8.2-1~debian.13~trixie"}})}},
		Host: checkUpdates,
	}
}

// lists are those of apt, fetched on the day before the example.
func lists(l snapshot.PackageLists) func(*snapshot.Snapshot) {
	return software(func(s *snapshot.Software) {
		l.UpdatedAt = time.Date(2026, 10, 31, 6, 0, 0, 0, time.UTC)
		example.Set(&s.Lists, l)
	})
}

func checkUpdates(c *rule.Context, h *snapshot.Host) rule.Answer {
	return checkLists(c, h, currency.UpdateWaiting, lang.T("no newer package of the engine, its parts or its clients is in the lists"))
}

// checkLists answers by what the package manager's lists hold. Lists that are old are
// no reason to say that nothing waits.
func checkLists(c *rule.Context, h *snapshot.Host, kind currency.NoticeKind, nothing string) rule.Answer {
	l := h.Software.Lists.Read(c)
	h.Software.Kernel.Installed.Look(c)
	programs, _ := h.Software.Programs.Look(c)
	for _, p := range programs {
		p.Package.Look(c)
	}
	if found := notices(c, kind); len(found) > 0 {
		return failWith(c, h.Software.Lists.Origin(), found)
	}
	for _, n := range c.Currency().Waiting { // of this kind, only those that are not known
		if n.Kind == kind || n.Kind == currency.ListsOld {
			return missedLists(c, h, n)
		}
	}
	return c.Pass("%s of %s", nothing, l.UpdatedAt.Format(time.DateOnly))
}

func missedLists(c *rule.Context, h *snapshot.Host, n currency.Notice) rule.Answer {
	c.Missed(h.Software.Lists.Origin(), snapshot.Gap{Reason: snapshot.ReasonUnsupported, Detail: n.Words, Remedy: n.Fix})
	return c.NotApplicable("not known")
}
