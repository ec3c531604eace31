package currency

import (
	"time"

	"seawall/currency/known"
	"seawall/snapshot"
)

// Status is what became of an advisory for one component.
type Status string

// The statuses, those that matter most first.
const (
	Open          Status = "open"           // the flaw is there, by the word of who built it
	VendorUnknown Status = "vendor-unknown" // upstream releases of this version have it; what the vendor did is not known
	Undecided     Status = "undecided"      // it cannot be told
	Accepted      Status = "accepted"       // it is there; the vendor decided not to mend it
	NotApplicable Status = "not-applicable" // what an attack takes is not there
	Fixed         Status = "fixed"          // mended in this version
	NotAffected   Status = "not-affected"   // the flaw came in a later version
)

// Report is how up to date a host is.
type Report struct {
	// AsOf is the day of the data, Age how many days before the snapshot that was.
	AsOf      string
	Age       int
	Freshness Freshness
	// Reviewed is how far the data is complete for components of which only reviewed
	// records tell.
	Reviewed   Freshness
	Components []Component
	Waiting    []Notice
	// KernelNamed: the running kernel names the package that it is of.
	KernelNamed bool
}

// Freshness is how far data can be trusted to be complete.
type Freshness string

// The states of data. From Aging on its age is told; where it is Stale, that
// nothing is known of a component says nothing.
const (
	Current Freshness = "current"
	Aging   Freshness = "aging"
	Stale   Freshness = "stale"
)

// Days from which on data is aging and stale.
const (
	agingAfter = 30
	staleAfter = 90
)

// Component is one part of what runs containers, in one place.
type Component struct {
	Kind known.Component
	// Engine is the engine that it belongs to; "" for those of the host.
	Engine string
	Path   string // of the program; "" where it is not known
	// Version is what runs, or where it only starts when called, what is installed.
	Version  string
	Read     snapshot.Origin // where the version was read
	Upstream string          // the release that it is made of; "" where that is not known
	Origin   Origin
	Branch   Branch
	Support  Support
	// Verdicts are on all advisories of the component, those that matter most
	// first; none where the version is not known.
	Verdicts []Verdict
	// Missing are facts that would have told more.
	Missing []Missing
	// Remarks are what a reader has to know of how it was judged.
	Remarks []string

	codeFrom time.Time // how old the code is at least, where Upstream is no release
	suspect  string    // why the package does not tell what runs; "" if it does
}

// Missing is a fact that could not be read.
type Missing struct {
	Fact snapshot.Origin
	Gap  snapshot.Gap
}

// Verdict is what became of one advisory.
type Verdict struct {
	Advisory *known.Advisory
	Status   Status
	Why      string
	// Upstream is what the ranges of upstream releases say, where another decided.
	Upstream string
	// FixedIn is the version that mends it; "" where none is known.
	FixedIn string
	// Holds: what an attack takes was seen on this host.
	Holds bool
	// Evidence are the facts by which its conditions were decided.
	Evidence []Evidence
}

// Evidence is a fact that decided.
type Evidence struct {
	Fact  snapshot.Origin
	Value string
}

// Count is how many advisories have a status.
func (c *Component) Count(s Status) int {
	n := 0
	for _, v := range c.Verdicts {
		if v.Status == s {
			n++
		}
	}
	return n
}

// Clear reports whether it is known that nothing is open. Data that is stale
// knows of nothing new, so nothing is clear by it.
func (r *Report) Clear(c *Component) bool {
	return r.FreshnessOf(c) != Stale && len(c.Verdicts) > 0 && c.Count(Open)+c.Count(VendorUnknown)+c.Count(Undecided) == 0
}

// FreshnessOf is how far the data can be trusted to be complete for a component.
func (r *Report) FreshnessOf(c *Component) Freshness {
	switch c.Kind {
	case known.Kernel, known.CLI, known.Slirp4netns:
		return r.Reviewed
	}
	return r.Freshness
}

// Notice is something that waits to be done, or that cannot be told.
type Notice struct {
	Kind NoticeKind
	// Known: it was seen; otherwise Words say why it cannot be told.
	Known bool
	Words string
	Fix   string
}

// NoticeKind says what waits.
type NoticeKind string

// The kinds of notices.
const (
	UpdateWaiting   NoticeKind = "update-waiting"   // a newer package is in the lists
	KernelWaiting   NoticeKind = "kernel-waiting"   // a newer kernel is in the lists
	ListsOld        NoticeKind = "lists-old"        // the lists are old, or there are none
	ProcessOutdated NoticeKind = "process-outdated" // what runs is not what is installed
	RebootNeeded    NoticeKind = "reboot-needed"    // the host waits for a restart
	KernelOlder     NoticeKind = "kernel-older"     // a newer kernel is installed than runs
	NoUnattended    NoticeKind = "no-unattended"    // updates are not installed by themselves
	ClientShadowed  NoticeKind = "program-shadowed" // a copy stands before the packaged program
	PackageHeld     NoticeKind = "package-held"     // the package manager leaves it as it is
)
