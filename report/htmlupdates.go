package report

import (
	"cmp"
	"fmt"
	"strings"

	"seawall/currency"
	"seawall/lang"
	"seawall/report/page"
)

// updates are whether what runs containers is up to date, and what that is judged by.
func (h *htmlReport) updates(p *page.Page) {
	u := h.report.Updates
	if u == nil {
		return
	}
	d := u.Data
	p.UpdatesBy = lang.Plural(d.AgeDays, "Judged by %[2]d advisories, the newest of %[3]s, %[1]d day before the audit.", "Judged by %[2]d advisories, the newest of %[3]s, %[1]d days before the audit.", d.AgeDays, d.Advisories, d.AsOf)
	switch d.Freshness {
	case currency.Aging:
		p.UpdatesBy = lang.Sprintf("%s What became known since is not among them.", p.UpdatesBy)
	case currency.Stale:
		p.UpdatesBy = lang.Sprintf("%s That is too old: where nothing is open by it, nothing can be said.", p.UpdatesBy)
	}
	for i := range u.Components {
		p.Updates = append(p.Updates, htmlUpdate(&u.Components[i], h.engines))
	}
	for _, n := range u.Waiting {
		switch text := clean(n.Words); {
		case !n.Known:
			p.Waiting = append(p.Waiting, lang.Sprintf("Not known: %s", text))
		case n.Fix != "":
			p.Waiting = append(p.Waiting, lang.Sprintf("%s. Do: %s", text, clean(n.Fix)))
		default:
			p.Waiting = append(p.Waiting, text)
		}
	}
}

func htmlUpdate(c *UpdateComponent, engines int) page.Update {
	out := page.Update{Name: componentName(c.Component), Version: cmp.Or(clean(c.Version), lang.T("not known")), Newest: clean(c.Branch.Newest), Built: clean(c.Built), Support: clean(branchWords(c)), Remarks: cleanAll(c.Remarks)}
	if c.Engine != "" && engines > 1 {
		out.Name = lang.Sprintf("%s of %s", out.Name, clean(c.Engine))
	}
	var parts []string
	for _, s := range []currency.Status{currency.Open, currency.VendorUnknown, currency.Undecided, currency.Accepted, currency.NotApplicable, currency.Fixed, currency.NotAffected} {
		if n := c.Counts[s]; n > 0 {
			parts = append(parts, statusCount(n, s))
		}
	}
	out.Sum = lang.Comma(parts)
	switch {
	case c.Version == "":
		out.Sum = lang.T("not judged: its version is not known")
	case len(c.Verdicts) == 0:
		out.Sum = lang.T("no advisory is known of it")
	case c.Counts[currency.Open] > 0:
		out.Tone = page.Bad
	case c.Clear:
		out.Tone = page.Good
	default:
		out.Tone = page.Warn
	}
	for i := range c.Verdicts {
		switch v := &c.Verdicts[i]; v.Status {
		case currency.Open, currency.VendorUnknown, currency.Undecided, currency.Accepted:
			out.Open = append(out.Open, htmlFlaw(v))
		}
	}
	return out
}

func htmlFlaw(v *UpdateVerdict) page.Flaw {
	severity := lang.T(v.Severity)
	if v.Score > 0 {
		severity = strings.TrimSpace(fmt.Sprintf("%s %.1f", severity, v.Score))
	}
	out := page.Flaw{ID: clean(v.name()), Severity: clean(severity), Summary: clean(v.Summary), Status: statusWord(v.Status), Why: clean(v.Why), Fix: clean(v.FixedIn), Takes: clean(lang.T(v.Takes))}
	if v.TakesSeen {
		out.Takes = lang.Sprintf("%s: seen on this host", out.Takes)
	}
	return out
}
