package report

import (
	"cmp"
	"slices"
	"time"

	"seawall/currency/known"
	"seawall/lang"
	"seawall/report/page"
	"seawall/snapshot"
)

// soon is how long before its end something is told to end soon.
const soon = 30 * 24 * time.Hour

// dates are when certificates and support end; nil if no end is known.
func (h *htmlReport) dates() *page.Dates {
	d := &dated{Dates: page.Dates{Now: h.report.TakenAt.UTC()}, known: map[dateKey]bool{}}
	s := h.report.Snapshot
	for i := range s.Engines {
		d.certificates(&s.Engines[i])
	}
	if u := h.report.Updates; u != nil {
		for i := range u.Components {
			d.support(&u.Components[i])
		}
	}
	if len(d.Items)+len(d.Unknown) == 0 {
		return nil
	}
	slices.SortStableFunc(d.Items, func(a, b page.DateItem) int {
		return cmp.Or(a.Ends.Compare(b.Ends), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
	})
	slices.Sort(d.Unknown)
	d.Unknown = slices.Compact(d.Unknown)
	return &d.Dates
}

// dated gathers ends.
type dated struct {
	page.Dates
	known map[dateKey]bool
}

type dateKey struct {
	kind, name string
	ends       time.Time
}

func (d *dated) add(kind, name string, ends time.Time) {
	if ends.IsZero() {
		d.Unknown = append(d.Unknown, lang.Sprintf("when this ends: %s", name))
		return
	}
	k := dateKey{kind, name, ends.UTC()}
	if d.known[k] {
		return
	}
	d.known[k] = true
	item := page.DateItem{Kind: kind, Name: name, Ends: ends.UTC()}
	days := int((ends.Unix() - d.Now.Unix()) / (24 * 60 * 60))
	switch {
	case ends.Before(d.Now):
		item.Left, item.Tone = lang.Plural(-days, "ended %d day before the audit", "ended %d days before the audit", -days), page.Bad
	case ends.Sub(d.Now) < soon:
		item.Left, item.Tone = lang.Plural(days, "%d day left", "%d days left", days), page.Warn
	default:
		item.Left = lang.Plural(days, "%d day left", "%d days left", days)
	}
	d.Items = append(d.Items, item)
}

// certificates are those that an engine shows, and those that it uses at registries.
func (d *dated) certificates(e *snapshot.Engine) {
	listeners, read := e.Listeners.Peek()
	for i := range listeners {
		if greeted, ok := listeners[i].Handshake.Peek(); ok && greeted.Certificate != nil {
			d.add(lang.T("certificate"), lang.Sprintf("API at %s: %s", clean(listeners[i].Address), clean(greeted.Certificate.Subject)), greeted.Certificate.NotAfter)
		}
	}
	files, known := e.Daemon.RegistryFiles.Peek()
	if !read || !known && e.Daemon.RegistryFiles.State() != snapshot.Absent {
		d.Unknown = append(d.Unknown, lang.Sprintf("certificates of %s", clean(e.Name)))
	}
	for i := range files {
		for j := range files[i].Certificates {
			c := &files[i].Certificates[j]
			d.add(lang.T("certificate"), lang.Sprintf("registry %s: %s (%s)", clean(files[i].Registry), clean(c.Subject), clean(files[i].Path)), c.NotAfter)
		}
	}
}

// support is how long a component's makers, and its distribution, mend it.
func (d *dated) support(c *UpdateComponent) {
	name := componentName(c.Component)
	d.until(lang.T("maintained upstream"), lang.Sprintf("%s, branch %s", name, clean(c.Branch.Name)), c.Branch.Name, c.Branch.Ends)
	if s := c.Support; s != nil {
		if s.SecurityEnds == "" && s.LongTermEnds == "" {
			d.Unknown = append(d.Unknown, lang.Sprintf("how long %s is supported", clean(s.Name)))
		}
		d.until(lang.T("security support"), clean(s.Name), s.Name, s.SecurityEnds)
		d.until(lang.T("long-term support"), clean(s.Name), s.Name, s.LongTermEnds)
	}
}

// until adds an end that is a day or a month; of is whose, "" if it is not known.
func (d *dated) until(kind, name, of, ends string) {
	if of == "" || ends == "" {
		return
	}
	if last, ok := known.LastDay(ends); ok {
		d.add(kind, name, last.AddDate(0, 0, 1).Add(-time.Second))
	}
}
