package host

import (
	"time"

	"seawall/currency"
	"seawall/currency/known"
	"seawall/rule"
	"seawall/snapshot"
)

func dataOld() *rule.Rule {
	return &rule.Rule{
		ID:       "advisory-data-old",
		Title:    "The advisories that this host is judged by are old",
		Severity: rule.Low,
		Why: "What became known since the day of the data is not looked for. After 30 days that is worth a warning; after 90 days the rules about advisories " +
			"no longer say that nothing is open, only that it is not known.",
		Fix: rule.Fix{
			Text:   "Fetch newer data, or carry it to a host without network; or use a newer Seawall.",
			Shell:  "sudo seawall data update\nseawall data status",
			Breaks: "Nothing.",
		},
		Refs: rule.Refs{NIST: "4.5.3", ATTACK: "T1190", Guide: "G22"},
		Bad:  []rule.Example{{Show: "31 days after the data was compiled", Facts: daysAfterData(31)}, {Show: "after 91 days", Facts: daysAfterData(91)}},
		Good: []rule.Example{{Show: "30 days after", Facts: daysAfterData(30)}},
		Host: checkData,
	}
}

// daysAfterData is a snapshot so many days after the day of this build's data.
func daysAfterData(days int) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		day, _ := known.FirstDay(known.BuiltIn().AsOf)
		s.TakenAt = day.AddDate(0, 0, days).Add(6 * time.Hour)
	}
}

// checkData asks only where something is judged by the data: a host of which the
// kernel was read.
func checkData(c *rule.Context, h *snapshot.Host) rule.Answer {
	h.Kernel.Read(c)
	r := c.Currency()
	c.Cite(snapshot.At("asOf", "known advisories"), r.AsOf)
	switch r.Freshness {
	case currency.Stale:
		return c.FailAs(rule.Medium, "nothing is called clear by it any more", "the advisories are of %s, %d days before this audit", r.AsOf, r.Age)
	case currency.Aging:
		return c.Fail("the advisories are of %s, %d days before this audit", r.AsOf, r.Age)
	}
	return c.Pass("the advisories are of %s, %d days before this audit", r.AsOf, r.Age)
}
