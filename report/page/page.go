package page

// Page is a report in words. Empty parts are left out of the file.
type Page struct {
	Title string
	// About is what was looked at, and when, a line each.
	About []string
	// Tool is the version of Seawall.
	Tool string
	// Summary is what matters first, a sentence each.
	Summary []Statement
	// Severities are the counts of findings, the worst first.
	Severities []Count
	// Assumed is what the paths assume.
	Assumed []string
	Map     *Map
	Changes []Change
	// Paths are the ways of an attack, the worst first; the map as a text.
	Paths []Path
	// Uncut is a path that no change ends.
	Uncut    []Hop
	Findings []Cause
	// Containers are how each container is confined.
	Containers []Container
	Benchmark  *Table
	// Coverage is how much was judged, and NotChecked what could not be.
	Coverage   string
	NotChecked []Gap
	Waived     *Table
	Warnings   []string
	// CoverageOf is the same of each of several hosts.
	CoverageOf []string
	// LeftOut says which parts the page has not, and why.
	LeftOut []string
	// Heat is which capabilities containers hold, Dates when certificates and support end,
	// Reach who reaches what: nil if there is nothing to show.
	Heat  *Heat
	Dates *Dates
	Reach *Reach
	// Updates are whether what runs containers is up to date: UpdatesBy says by what that is
	// known, and Waiting what waits to be done.
	Updates   []Update
	UpdatesBy string
	Waiting   []string
	// Timeline is how audits went; nil of one audit.
	Timeline *Timeline
}

// Tone says how a statement or a value is to be taken: "bad", "warn", "good" or "" for
// plain. It is always said in words, too.
type Tone string

// The tones.
const (
	Bad  Tone = "bad"
	Warn Tone = "warn"
	Good Tone = "good"
)

// Statement is a sentence of the summary, and the id of the part that tells more.
type Statement struct {
	Text string
	Tone Tone
	See  string
}

// Count is how many findings there are of a severity.
type Count struct {
	Severity string
	Number   int
}

// Lines are lines to copy: a fix in one form.
type Lines struct{ Label, Text string }

// Change is one of the changes that end the attack paths.
type Change struct {
	ID, Text, Weight, Left, Breaks string
	Lines                          []Lines
}

// Path is a way of an attack.
type Path struct {
	From, To string
	Effort   int
	Possible bool
	Hops     []Hop
}

// Hop is a move of a path.
type Hop struct {
	Title, To, Step, ATTACK string
	Seen                    []Seen
	Missing, Ends           []string
}

// Cause is all findings of one rule at one severity.
type Cause struct {
	Severity, Rule, Title, Why, Fix, Breaks string
	Lines                                   []Lines
	References                              []string
	// InPath: some finding takes part in an attack path.
	InPath   bool
	Findings []Finding
}

// Finding is what was seen of subjects that are alike in it.
type Finding struct {
	Subjects []string
	Message  string
	Seen     []Seen
	New      bool
}

// Seen is a fact that decided: its name and value, where it was read, and where it stands in
// the snapshot, as jq takes it; "" where it does not.
type Seen struct{ Fact, Value, Source, At string }

// Value is a cell: what is so, and how that is to be taken.
type Value struct {
	Text string
	Tone Tone
}

// Container is how containers that are alike are confined.
type Container struct {
	// ID is unique in the page.
	ID string
	// Names are those of the containers.
	Names []string
	Image string
	// Findings is how many findings each has.
	Findings int
	// Cells are its confinement at a glance, as the head of their table names them.
	Cells []Value
	// Capabilities are those it has, by name; beyond the engine's defaults marked. Held is
	// how many, in words: "14", "3 or more" or "?".
	Capabilities []Capability
	Held         string
	// Facts are what it was given, a name and what that is.
	Facts []Fact
	// Fails are its findings, each with its severity.
	Fails []string
	// ReachedBy is who reaches it, a sentence for each of its ports; nil if that was not
	// worked out.
	ReachedBy []string
}

// Capability is one that a container holds.
type Capability struct {
	Name string
	// Added: the engine does not grant it by default.
	Added bool
}

// Fact is something that a container was given.
type Fact struct {
	Name   string
	Values []string
}

// Gap is a reason why something was not checked.
type Gap struct {
	Results int
	Text    string
	Remedy  string
}

// Table has a heading of columns and rows of as many cells.
type Table struct {
	Title string
	Head  []string
	Rows  [][]Value
}
