package report

import (
	"cmp"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/rule"
)

// Timeline is how audits of one or several hosts went over time.
type Timeline struct {
	// Hosts are in the order of their names.
	Hosts []HostTimeline
	// Warnings say what may make a comparison less than it seems.
	Warnings []string
}

// HostTimeline is the audits of one host.
type HostTimeline struct {
	// Name is the host's; of what files declare, theirs.
	Name string
	// Reports are the audits, the oldest first; there is at least one.
	Reports []*Report
	// Steps are what changed from each audit to the next.
	Steps []*Comparison
}

// errNoReports is what a timeline of nothing gives; the command line asks for one.
var errNoReports = lang.Sentinel("no audits")

// SameAuditError is two reports of one host that were taken at the same time, by their
// numbers in the list.
type SameAuditError struct{ First, Second int }

func (e *SameAuditError) Error() string {
	return lang.Sprintf("audits %d and %d are of one host at the same time: give each audit once", e.First+1, e.Second+1)
}

// BuildTimeline puts audits into the order of their own times, host by host, and compares
// each with the one before it. Two of one host that were taken at the same time cannot be
// put into an order: that is a [SameAuditError].
func BuildTimeline(reports []*Report) (*Timeline, error) {
	if len(reports) == 0 {
		return nil, errNoReports
	}
	t := &Timeline{}
	type subject struct {
		declared bool
		name     string
	}
	type audit struct {
		subject
		at int64 // nanoseconds
	}
	at, taken := map[subject]int{}, map[audit]int{}
	for i, r := range reports {
		name := r.subjectName()
		of := subject{r.declared(), name}
		if j, same := taken[audit{of, r.TakenAt.UnixNano()}]; same {
			return nil, &SameAuditError{j, i}
		}
		taken[audit{of, r.TakenAt.UnixNano()}] = i
		n, known := at[of]
		if !known {
			n = len(t.Hosts)
			at[of] = n
			t.Hosts = append(t.Hosts, HostTimeline{Name: name})
		}
		t.Hosts[n].Reports = append(t.Hosts[n].Reports, r)
	}
	slices.SortFunc(t.Hosts, func(a, b HostTimeline) int { return cmp.Compare(a.Name, b.Name) })
	for i := range t.Hosts {
		h := &t.Hosts[i]
		slices.SortFunc(h.Reports, func(a, b *Report) int { return a.TakenAt.Compare(b.TakenAt) })
		for j, r := range h.Reports[1:] {
			h.Steps = append(h.Steps, Compare(h.Reports[j], r))
		}
		t.Warnings = append(t.Warnings, h.warnings()...)
	}
	return t, nil
}

// subjectName is what a report is of: a host, or files by their names.
func (r *Report) subjectName() string {
	if !r.declared() && r.Host.Name != "" {
		return r.Host.Name
	}
	var names []string
	for i := range r.Engines {
		names = append(names, r.Engines[i].Name)
	}
	return strings.Join(names, ", ")
}

// shown is the host's name for people.
func (h *HostTimeline) shown() string { return cmp.Or(clean(h.Name), lang.T("an unknown host")) }

// Newest is the last audit.
func (h *HostTimeline) Newest() *Report { return h.Reports[len(h.Reports)-1] }

// last is what changed with the newest audit; nil if it is the only one.
func (h *HostTimeline) last() *Comparison {
	if len(h.Steps) == 0 {
		return nil
	}
	return h.Steps[len(h.Steps)-1]
}

func (h *HostTimeline) warnings() []string {
	var out []string
	for i, r := range h.Reports {
		if r.Shown != nil {
			out = append(out, lang.Sprintf("The audit of %s at %s shows a part of its results only: save it without --severity and --subject.", h.shown(), stamp(r)))
		}
		if i > 0 && r.Profile != h.Reports[i-1].Profile {
			out = append(out, lang.Sprintf("The audit of %s at %s is by profile %s, the one before it by %s: their counts are of other rules.", h.shown(), stamp(r), clean(r.Profile), clean(h.Reports[i-1].Profile)))
		}
	}
	return out
}

// Newest are the newest audits, one a host.
func (t *Timeline) Newest() []*Report {
	var out []*Report
	for i := range t.Hosts {
		out = append(out, t.Hosts[i].Newest())
	}
	return out
}

// Audits counts them.
func (t *Timeline) Audits() int {
	n := 0
	for i := range t.Hosts {
		n += len(t.Hosts[i].Reports)
	}
	return n
}

// grows reports whether some host has more than one audit.
func (t *Timeline) grows() bool {
	return slices.ContainsFunc(t.Hosts, func(h HostTimeline) bool { return len(h.Reports) > 1 })
}

// stamp is when a report was taken.
func stamp(r *Report) string { return r.TakenAt.UTC().Format("2006-01-02 15:04 UTC") }

// findings counts those of a report at or above a severity, whatever a baseline says.
func (r *Report) findings(least rule.Severity) int {
	n := 0
	for _, s := range rule.Severities() {
		if s >= least {
			n += r.Coverage.Findings[s.String()]
		}
	}
	return n
}

// worse counts the findings of a comparison that got worse.
func (c *Comparison) worse() int {
	n := 0
	for _, d := range c.Changed {
		if d.Change == GotWorse {
			n++
		}
	}
	return n
}

// known counts the findings that were there before, as they were or otherwise.
func (c *Comparison) known() int {
	n := c.Same
	for _, d := range c.Changed {
		if d.Change != Accepted {
			n++
		}
	}
	return n
}
