package page

// Timeline is how audits went.
type Timeline struct {
	// Hosts is the table of hosts, and Chart their findings over time, each host a line;
	// nil of one host.
	Hosts *Table
	Chart *Chart
	// Histories are those of each host.
	Histories []History
}

// History is how the audits of one host went.
type History struct {
	// ID is unique in the page.
	ID, Title string
	Chart     *Chart // nil of one audit
	Table     *Table
	// Steps are what changed from one audit to the next, the newest first.
	Steps []Step
}

// Step is what changed with an audit.
type Step struct {
	Title string
	// Sum says how much, in words.
	Sum   string
	Parts []StepPart
}

// StepPart is what changed in one way: appeared, went.
type StepPart struct {
	Title string
	Items []StepItem
}

// StepItem is findings of one rule that changed alike.
type StepItem struct {
	Severity, Rule, Title, Why string
	Subjects                   []string
}
