package currency

import (
	"strings"
	"time"

	"seawall/currency/known"
	"seawall/currency/version"
	"seawall/lang"
)

// Maintained says whether something still gets mended.
type Maintained string

// The answers.
const (
	StillMaintained Maintained = "maintained"
	Unmaintained    Maintained = "unmaintained"
	NotKnown        Maintained = "not-known"
)

// Branch is what is known of the upstream branch that a component is of.
type Branch struct {
	Name   string // "28"; "" where no branch is known
	State  Maintained
	Ends   string // the day, or month, until whose end it is maintained
	Status string // in the words of its makers
	Latest string // the newest release that was seen
	Behind bool   // what runs is older than Latest
	AsOf   string
}

// Support is what is known of the vendor's support for a distribution's package.
type Support struct {
	Name         string // "Debian 12 (bookworm)"; "" where it is of no distribution
	State        Maintained
	SecurityEnds string
	LongTermEnds string
}

// branchOf finds the branch: the longest that the version is of.
func branchOf(data *known.Data, c *Component, now time.Time) Branch {
	out := Branch{State: NotKnown, AsOf: data.Lifecycle.AsOf}
	if c.Upstream == "" {
		return out
	}
	kind := c.Kind
	if kind == known.CLI { // it is released with the engine
		kind = known.Engine
	}
	for _, b := range data.Lifecycle.Branches[kind] {
		if strings.HasPrefix(c.Upstream+".", b.Branch+".") && len(b.Branch) > len(out.Name) {
			out.Name, out.Ends, out.Status, out.Latest = b.Branch, b.Ends, b.Status, b.Latest
			out.State = branchState(b, now)
		}
	}
	if newest := data.Lifecycle.Newest[c.Kind]; out.Latest == "" {
		out.Latest = newest
	}
	if order, err := version.Upstream.Compare(c.Upstream, out.Latest); out.Latest != "" && err == nil {
		out.Behind = order < 0
	}
	return out
}

// branchState holds the end of a branch against the day. A status without an end
// is the makers' word at its time.
func branchState(b known.Branch, now time.Time) Maintained {
	if end, ok := known.LastDay(b.Ends); ok && b.Ends != "" {
		if now.After(end.AddDate(0, 0, 1)) {
			return Unmaintained
		}
		return StillMaintained
	}
	switch {
	case strings.HasPrefix(b.Status, "unmaintained"), strings.HasPrefix(b.Status, "no updates"), strings.HasPrefix(b.Status, "end of life"):
		return Unmaintained
	case b.Status != "":
		return StillMaintained
	}
	return NotKnown
}

// Unstable is what Debian is called where its release has no number: packages there are
// replaced by newer ones, and not supported for a time.
var Unstable = lang.N("Debian testing or unstable")

// supportOf is the distribution's support for a package of its own.
func supportOf(data *known.Data, c *Component, now time.Time) Support {
	out := Support{State: NotKnown}
	ecosystem := c.Origin.Ecosystem
	switch ecosystem {
	case "":
		return out
	case known.Debian:
		out.Name = Unstable
		return out
	}
	out.Name = suiteName(ecosystem)
	for _, d := range data.Lifecycle.Distributions {
		if d.Ecosystem != ecosystem {
			continue
		}
		out.Name, out.SecurityEnds, out.LongTermEnds = d.Name, d.SecuritySupportEnds, d.LongTermSupportEnds
		end, ok := known.LastDay(d.LongTermSupportEnds)
		switch {
		case !ok:
		case now.After(end.AddDate(0, 0, 1)):
			out.State = Unmaintained
		default:
			out.State = StillMaintained
		}
	}
	return out
}
