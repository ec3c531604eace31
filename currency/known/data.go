package known

import (
	"time"

	"seawall/currency/version"
	"seawall/lang"
)

// Format is the format and version of packed data.
const Format = "seawall.known/1"

// Data is all that is known.
type Data struct {
	Format string `json:"format"`
	// AsOf is the day of the newest record that was read; "2026-10-07".
	AsOf     string `json:"asOf"`
	Compiled string `json:"compiled"`
	// Reviewed is AsOf of the reviewed records, where others were laid on them since:
	// of components that those do not tell of, nothing newer is known. It is "" where
	// all are reviewed.
	Reviewed string   `json:"reviewed,omitempty"`
	Note     string   `json:"note"`
	Sources  []Source `json:"sources"`

	Advisories []Advisory `json:"advisories"`
	Lifecycle  Lifecycle  `json:"lifecycle"`
	Engines    Engines    `json:"engines"`
}

// Source is where data is from.
type Source struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	Date    string `json:"date"`
}

// Lifecycle is which branches are maintained.
type Lifecycle struct {
	AsOf     string                 `json:"asOf"`
	Note     string                 `json:"note"`
	Sources  map[string]string      `json:"sources"`
	Branches map[Component][]Branch `json:"branches"`
	// Newest are the newest releases seen of components that have no branches.
	Newest        map[Component]string `json:"newest"`
	Distributions []Distribution       `json:"distributions"`
}

// Branch is a line of releases.
type Branch struct {
	Branch string `json:"branch"` // "29", "25.0"
	Status string `json:"status,omitempty"`
	// Ends is the day, or the month, until whose end it is maintained; "" where
	// that is not known.
	Ends       string `json:"ends,omitempty"`
	LongTerm   bool   `json:"longTerm,omitempty"`
	Latest     string `json:"latest,omitempty"` // the newest release seen
	LatestNote string `json:"latestNote,omitempty"`
}

// Distribution is a release of a distribution.
type Distribution struct {
	Ecosystem           string `json:"ecosystem"` // "Debian:12"
	Name                string `json:"name"`
	SecuritySupportEnds string `json:"securitySupportEnds,omitempty"`
	LongTermSupportEnds string `json:"longTermSupportEnds,omitempty"`
}

// Engines are releases of the engine and what is in them.
type Engines struct {
	AsOf    string   `json:"asOf"`
	Source  string   `json:"source"`
	Note    string   `json:"note"`
	Engines []Bundle `json:"engines"`
}

// Bundle is one release of the engine.
type Bundle struct {
	Engine string `json:"engine"`
	Date   string `json:"date"` // of the tagged commit
	Go     string `json:"go,omitempty"`
	// BuildKit is linked into dockerd: a release, a commit, or a Go pseudo-version.
	BuildKit string `json:"buildkit"`
	// BuildKitReplace is the module that is linked in its place.
	BuildKitReplace string `json:"buildkitReplace,omitempty"`
	GoArchive       string `json:"goArchive,omitempty"`
	// Containerd and Runc are those of the static archive.
	Containerd string `json:"containerd,omitempty"`
	Runc       string `json:"runc,omitempty"`
}

// Of are the advisories of a component.
func (d *Data) Of(c Component) []*Advisory {
	var out []*Advisory
	for i := range d.Advisories {
		if d.Advisories[i].Component == c {
			out = append(out, &d.Advisories[i])
		}
	}
	return out
}

// Bundle is a release of the engine; nil if it is not known.
func (d *Data) Bundle(engine string) *Bundle {
	for i, b := range d.Engines.Engines {
		if b.Engine == engine {
			return &d.Engines.Engines[i]
		}
	}
	return nil
}

// day reads a day, a month or a year; of the latter two its last or first day.
func day(text string, last bool) (time.Time, error) {
	for _, form := range []struct {
		layout            string
		years, months, ds int
	}{{time.DateOnly, 0, 0, 0}, {"2006-01", 0, 1, -1}, {"2006", 1, 0, -1}} {
		t, err := time.Parse(form.layout, text)
		if err == nil && last {
			t = t.AddDate(form.years, form.months, 0).AddDate(0, 0, form.ds)
		}
		if err == nil {
			return t, nil
		}
	}
	return time.Time{}, lang.Errorf("%q is no date", text)
}

// LastDay is the last day of a date that may be a month or a year.
func LastDay(text string) (time.Time, bool) { t, err := day(text, true); return t, err == nil }

// FirstDay is the first day of a date that may be a month or a year.
func FirstDay(text string) (time.Time, bool) { t, err := day(text, false); return t, err == nil }

// Check finds what is wrong with data: it is called when data is packed and when
// it is loaded.
func (d *Data) Check() error {
	if d.Format != Format {
		return lang.Errorf("the format is %q, this version reads %q", d.Format, Format)
	}
	if _, err := time.Parse(time.DateOnly, d.AsOf); err != nil {
		return lang.Errorf("asOf: %w", err)
	}
	if _, err := time.Parse(time.DateOnly, d.Reviewed); err != nil && d.Reviewed != "" {
		return lang.Errorf("reviewed: %w", err)
	}
	if len(d.Advisories) == 0 || len(d.Engines.Engines) == 0 || len(d.Lifecycle.Branches) == 0 {
		return lang.Errorf("advisories, engines or branches are missing")
	}
	seen := map[[2]string]bool{}
	for i := range d.Advisories {
		a := &d.Advisories[i]
		key := [2]string{a.ID, string(a.Component)}
		if seen[key] {
			return lang.Errorf("%s of %s is there twice", a.ID, a.Component)
		}
		seen[key] = true
		if err := a.check(); err != nil {
			return err
		}
		if _, ok := FirstDay(a.Published); a.Published != "" && !ok {
			return lang.Errorf("%s: published %q is no date", a.ID, a.Published)
		}
	}
	return d.checkDates()
}

func (d *Data) checkDates() error {
	for component, branches := range d.Lifecycle.Branches {
		for _, b := range branches {
			if _, ok := LastDay(b.Ends); b.Ends != "" && !ok {
				return lang.Errorf("%s %s: ends %q is no date", component, b.Branch, b.Ends)
			}
			if _, err := version.Upstream.Compare(b.Branch, b.Branch); err != nil {
				return lang.Errorf("%s: branch %w", component, err)
			}
		}
	}
	for _, b := range d.Engines.Engines {
		if _, err := time.Parse(time.DateOnly, b.Date); err != nil {
			return lang.Errorf("engine %s: %w", b.Engine, err)
		}
	}
	return nil
}
