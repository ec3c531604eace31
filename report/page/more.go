package page

import "time"

// Heat is which capabilities containers hold: rows of containers that are alike in it,
// columns of capabilities that somebody holds.
type Heat struct {
	Capabilities []Capability
	Rows         []HeatRow
	// Left is how many rows were left out because there are too many to show.
	Left int
}

// HeatRow is containers with the same capabilities, and the same use of them.
type HeatRow struct {
	Names []string
	Cells []Held // as many as there are capabilities
}

// Held is what is known of a capability of a container. It is the shape in the map.
type Held string

// What is known.
const (
	Used     Held = "used"     // held, and seen in use
	Unused   Held = "unused"   // held, and watched for long enough without use
	Granted  Held = "granted"  // held; whether it is used was not seen
	NotHeld  Held = "not-held" // not held
	HeldOpen Held = "open"     // it is not known whether it is held
)

// Dates are when things end, on an axis of time.
type Dates struct {
	// Now is the time of the audit.
	Now   time.Time
	Items []DateItem // in the order of their ends
	// Unknown are those of which the end is not known.
	Unknown []string
}

// DateItem is something that ends.
type DateItem struct {
	Kind, Name string
	Ends       time.Time
	// Left is how long that is from the audit, in words.
	Left string
	Tone Tone
}

// Reach is who reaches what.
type Reach struct {
	// Legend says what the marks mean, Columns what the numbered columns are.
	Legend  []Mark
	Columns []ReachColumn
	Rows    []ReachRow
	// Policies are what firewalls amount to, a sentence each; NotRead what was not.
	Policies, NotRead []string
}

// Mark is a sign of the matrix and its meaning.
type Mark struct {
	Sign, Text string
	Tone       Tone
}

// ReachColumn is a target, or several that the same reach.
type ReachColumn struct {
	Number int
	// Kind is what it is, About what a stranger gets there.
	Kind, Name, About string
	// Ways are who reaches it, and what decides.
	Ways []ReachBy
}

// ReachBy is senders to whom the same happens, for one reason.
type ReachBy struct {
	Outcome, From, Why string
	Tone               Tone
}

// ReachRow is a sender, or several that behave alike.
type ReachRow struct {
	Name  string
	Cells []Mark
}

// Update is one part of what runs containers, and whether it is up to date.
type Update struct {
	Name, Version, Newest, Built, Support string
	Tone                                  Tone
	// Open are the flaws that it has, or may have; Sum is how many there are of each sort.
	Sum     string
	Open    []Flaw
	Remarks []string
}

// Flaw is an advisory and what became of it.
type Flaw struct {
	ID, Severity, Summary, Status, Why, Fix, Takes string
}
