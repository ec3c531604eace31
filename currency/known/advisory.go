package known

import (
	"fmt"
	"slices"
	"strings"

	"seawall/currency/version"
	"seawall/lang"
)

// Component is a part of what runs containers, as advisories are told apart.
type Component string

// The components.
const (
	Engine      Component = "engine"
	CLI         Component = "cli"
	Containerd  Component = "containerd"
	Runc        Component = "runc"
	BuildKit    Component = "buildkit"
	Compose     Component = "compose"
	Buildx      Component = "buildx"
	Slirp4netns Component = "slirp4netns"
	Kernel      Component = "kernel"
)

// Ecosystems of packages beside those of distributions ("Debian:12").
const (
	Upstream = "upstream" // releases as their makers number them
	Debian   = "Debian"   // Debian unstable, from which other suites get their versions
	RedHat   = "Red Hat"  // with a release ("Red Hat:9"), or a minor one with longer support ("Red Hat:9.4")
)

// Advisory is one flaw in one component, in the shape of OSV (ossf.github.io/osv-schema)
// with what OSV has no field for beside it.
type Advisory struct {
	ID        string    `json:"id"` // CVE, or GHSA where it has none
	Aliases   []string  `json:"aliases,omitempty"`
	Names     []string  `json:"names,omitempty"` // "Dirty Pipe"
	Component Component `json:"component"`
	Published string    `json:"published,omitempty"` // year, month or day: "2024", "2024-01-31"
	Summary   string    `json:"summary"`
	Severity  Severity  `json:"severity,omitzero"`
	Affected  []Affects `json:"affected"`
	Condition Condition `json:"condition"`
	// KernelConfigAnyOf are the options of the kernel of which one must be on for
	// the flaw to be in it; none where that is not known.
	KernelConfigAnyOf []string  `json:"kernelConfigAnyOf,omitempty"`
	Exploited         Exploited `json:"exploited,omitzero"`
	// Verification says how well the record was checked: "two" or "one" source,
	// "partial" (see Note), "unverified-range", or "id-only" (not opened).
	Verification string `json:"verification"`
	Note         string `json:"note,omitempty"`
	// Corrects is what a record of others says that was found to be wrong.
	Corrects    string   `json:"corrects,omitempty"`
	Mitigation  string   `json:"mitigation,omitempty"`
	References  []string `json:"references"`
	SourcesRead []string `json:"sourcesRead"`
}

// Texts are the advisory's texts for people.
func (a *Advisory) Texts() []string {
	return slices.DeleteFunc([]string{a.Summary, a.Condition.Text, a.Mitigation, a.Note}, func(text string) bool { return text == "" })
}

// Severity is what an authority said of a flaw; zero where none was seen.
type Severity struct {
	Label   string   `json:"label"` // "low" to "critical"
	Score   float64  `json:"score,omitempty"`
	Vectors []string `json:"vectors,omitempty"` // CVSS
	Source  string   `json:"source"`
}

// Exploited says whether a catalog lists the flaw as used by attackers. It is
// zero where none was read that could: not known.
type Exploited struct {
	Listed bool   `json:"listed"`
	Source string `json:"source"`
}

// Condition is what an attack takes besides the flaw.
type Condition struct {
	Text string `json:"text"`
	// All are those of the necessary conditions that facts of a host can rule
	// out, by their names in package currency.
	All []string `json:"all,omitempty"`
}

// Affects tells which versions of a package have the flaw.
type Affects struct {
	Package Package `json:"package"`
	Ranges  []Range `json:"ranges,omitempty"`
	// Status is what a distribution says where no version mends it: "unfixed",
	// or "accepted" (it will not be mended, with the reason in Why).
	Status string `json:"status,omitempty"`
	Why    string `json:"why,omitempty"`
	// Unsure are versions of which it is not known.
	Unsure []Unsure `json:"unsure,omitempty"`
}

// Package names a package in an ecosystem.
type Package struct {
	Ecosystem string `json:"ecosystem"`
	Name      string `json:"name"` // of the source package, or the component
}

// Range is a list of events: introduced, fixed, introduced, …, ascending.
type Range struct {
	Type   string  `json:"type"` // "ECOSYSTEM"
	Events []Event `json:"events"`
}

// Event is the version with which a flaw came, or with which it went.
type Event struct {
	Introduced string `json:"introduced,omitempty"` // "0": always there
	Fixed      string `json:"fixed,omitempty"`
}

// Unsure is a range of versions of which it is not known whether they have the
// flaw. Fixed is "" where the range has no end.
type Unsure struct {
	Introduced string `json:"introduced"`
	Fixed      string `json:"fixed,omitempty"`
	Why        string `json:"why"`
}

// Span is a half-open range of versions: From is in it, To is not. One from "0" to "0"
// alone says that no version has the flaw.
type Span struct{ From, To string }

// Spans are the affected versions.
func (a Affects) Spans() []Span {
	var out []Span
	for _, r := range a.Ranges {
		for i := 0; i+1 < len(r.Events); i += 2 {
			out = append(out, Span{r.Events[i].Introduced, r.Events[i+1].Fixed})
		}
	}
	return out
}

// Scheme is how versions of an ecosystem are numbered.
func Scheme(ecosystem string) version.Scheme {
	switch name, _, _ := strings.Cut(ecosystem, ":"); name {
	case Upstream:
		return version.Upstream
	case Debian, "Ubuntu":
		return version.Deb
	case "Alpine":
		return version.APK
	}
	return version.RPM
}

// Holds reports whether a version is in the span.
func (s Span) Holds(scheme version.Scheme, v string) (bool, error) {
	if s.From != "0" {
		if c, err := scheme.Compare(v, s.From); err != nil || c < 0 {
			return false, err
		}
	}
	if s.To == "" {
		return true, nil
	}
	c, err := scheme.Compare(v, s.To)
	return c < 0, err
}

// Of is what the advisory says of a package; nil if it says nothing.
func (a *Advisory) Of(ecosystem, name string) *Affects {
	i := slices.IndexFunc(a.Affected, func(f Affects) bool { return f.Package == Package{ecosystem, name} })
	if i < 0 {
		return nil
	}
	return &a.Affected[i]
}

// check finds what is wrong with a record.
func (a *Advisory) check() error {
	fail := func(format string, args ...any) error {
		return lang.Errorf("%s of %s: %w", a.ID, a.Component, fmt.Errorf(format, args...))
	}
	if a.ID == "" || a.Summary == "" || a.Condition.Text == "" || len(a.References) == 0 || len(a.SourcesRead) == 0 {
		return fail("id, summary, condition, references and sourcesRead are needed")
	}
	if a.Of(Upstream, string(a.Component)) == nil {
		return fail("the releases that are affected are missing")
	}
	for _, f := range a.Affected {
		if err := f.check(); err != nil {
			return fail("%s %s: %w", f.Package.Ecosystem, f.Package.Name, err)
		}
	}
	return nil
}

// Valid finds what is wrong with ranges: events that are no pairs, versions that
// cannot be compared or do not ascend.
func (a Affects) Valid() error { return a.check() }

func (a Affects) check() error {
	scheme := Scheme(a.Package.Ecosystem)
	last := ""
	ascend := func(v string) error {
		if v == "0" && last == "" {
			return nil
		}
		c, err := scheme.Compare(v, v)
		if err == nil && last != "" {
			c, err = scheme.Compare(last, v)
		}
		if err != nil {
			return err
		}
		if c > 0 {
			return lang.Errorf("%s comes before %s", v, last)
		}
		last = v
		return nil
	}
	for _, r := range a.Ranges {
		if len(r.Events)%2 != 0 || len(r.Events) == 0 {
			return lang.Errorf("events are not pairs of introduced and fixed")
		}
		for i, e := range r.Events {
			want := e.Introduced
			if i%2 == 1 {
				want = e.Fixed
			}
			if want == "" || e.Introduced != "" && e.Fixed != "" {
				return lang.Errorf("event %d is not %s", i+1, [2]string{"introduced", "fixed"}[i%2])
			}
			if err := ascend(want); err != nil {
				return err
			}
		}
	}
	for _, u := range a.Unsure {
		last = ""
		if u.Why == "" {
			return lang.Errorf("unsure without why")
		}
		for _, v := range []string{u.Introduced, u.Fixed} {
			if v == "" {
				continue
			}
			if err := ascend(v); err != nil {
				return err
			}
		}
	}
	if len(a.Ranges) == 0 && a.Status == "" && len(a.Unsure) == 0 {
		return lang.Errorf("it says nothing")
	}
	return nil
}
