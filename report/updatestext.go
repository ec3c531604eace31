package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"seawall/currency"
	"seawall/currency/known"
)

// UpdatesText writes for people how up to date a host is: for each component what
// runs, who built it, whether that is maintained, and which flaws are open; then
// what waits to be done.
func UpdatesText(w io.Writer, u *Updates, style Style) error {
	out := bufio.NewWriter(w)
	head := &Report{Host: u.Host, TakenAt: u.TakenAt, Engines: u.Engines}
	t := &updatesText{textReport: &textReport{Writer: out, Style: style, report: head, engines: len(u.Engines)}, updates: u}
	t.header()
	t.data()
	for i := range u.Components {
		t.component(&u.Components[i])
	}
	t.waiting()
	t.notRead()
	if !t.Verbose {
		t.linef(0, "")
		t.linef(0, "Every advisory, and what decided:  seawall updates --verbose")
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write updates: %w", err)
	}
	return nil
}

// updatesText is the state of one text being written.
type updatesText struct {
	*textReport
	updates *Updates
}

// data tells how old what is known is, and what follows from that.
func (t *updatesText) data() {
	d := t.updates.Data
	text := fmt.Sprintf("Judged by %s, the newest of %s, %s before this.", advisories(d.Advisories), d.AsOf, plural(d.AgeDays, "day"))
	codes := dim
	switch d.Freshness {
	case currency.Aging:
		codes, text = yellow, text+" What became known since is not among them: newer ones come with seawall data update, or with a newer Seawall."
	case currency.Stale:
		codes, text = red, text+" That is too old: where nothing is open by it, nothing can be said. Newer ones come with seawall data update, or with a newer Seawall."
	}
	t.linef(0, "")
	for _, line := range wrap(text, t.width()) {
		t.linef(0, "%s", t.paint(codes, line))
	}
}

func advisories(n int) string {
	if n == 1 {
		return "1 advisory"
	}
	return itoa(n) + " advisories"
}

var componentNames = map[known.Component]string{
	known.Engine: "Engine", known.CLI: "CLI", known.Containerd: "containerd", known.Runc: "runc", known.BuildKit: "BuildKit in the engine",
	known.Compose: "Compose", known.Buildx: "buildx", known.Slirp4netns: "slirp4netns", known.Kernel: "Kernel",
}

func (t *updatesText) component(c *UpdateComponent) {
	t.linef(0, "")
	title := componentNames[c.Component]
	if c.Version != "" {
		title += " " + c.Version
	} else {
		title += ", version not known"
	}
	if c.Engine != "" && t.engines > 1 {
		title += "  (" + c.Engine + ")"
	}
	t.linef(0, "%s", t.paint(bold, clean(title)))
	built := c.Built
	if c.Path != "" {
		built = c.Path + ": " + built
	}
	t.prose(2, "", built)
	if words := branchWords(c); words != "" {
		t.prose(2, "", words)
	}
	for _, r := range c.Remarks {
		t.prose(2, "", r)
	}
	t.sum(c)
	t.open(c)
	for _, s := range []currency.Status{currency.VendorUnknown, currency.Undecided, currency.Accepted, currency.NotApplicable, currency.Fixed, currency.NotAffected} {
		t.others(c, s)
	}
}

// branchWords tell whether the branch is maintained, and by whom.
func branchWords(c *UpdateComponent) string {
	var parts []string
	if b := c.Branch; b.Name != "" {
		words := "Branch " + b.Name + " is " + map[currency.Maintained]string{
			currency.StillMaintained: "maintained upstream", currency.Unmaintained: "no longer maintained upstream", currency.NotKnown: "not known to be maintained upstream",
		}[b.State]
		switch {
		case b.Ends != "" && b.State == currency.Unmaintained:
			words += " (since " + b.Ends + ")"
		case b.Ends != "":
			words += " until " + b.Ends
		case b.Status != "":
			words += " (" + b.Status + ")"
		}
		parts = append(parts, words)
	}
	if c.Branch.Newest != "" && c.Branch.Newest != c.Release {
		words := "newest release seen: " + c.Branch.Newest
		if c.Branch.Name != "" {
			words = "newest of it seen: " + c.Branch.Newest
		}
		parts = append(parts, words)
	}
	if s := c.Support; s != nil {
		switch {
		case s.LongTermEnds != "" && s.State == currency.Unmaintained:
			parts = append(parts, s.Name+" has no support since "+s.LongTermEnds)
		case s.SecurityEnds != "":
			parts = append(parts, s.Name+": security support until "+s.SecurityEnds+", long-term support until "+s.LongTermEnds)
		case s.LongTermEnds != "":
			parts = append(parts, s.Name+": long-term support until "+s.LongTermEnds)
		case s.Name == currency.Unstable:
			parts = append(parts, s.Name+" has no time of support")
		default:
			parts = append(parts, "how long "+s.Name+" is supported is not known here")
		}
	}
	text := strings.Join(parts, "; ")
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// statusWords name the statuses in a sentence.
var statusWords = map[currency.Status]string{
	currency.Open: "open", currency.VendorUnknown: "vendor's word not known", currency.Undecided: "undecided", currency.Accepted: "accepted by the vendor",
	currency.NotApplicable: "not applicable here", currency.Fixed: "mended", currency.NotAffected: "of later versions",
}

// sum says how many advisories have which status.
func (t *updatesText) sum(c *UpdateComponent) {
	if len(c.Verdicts) == 0 {
		if c.Version != "" {
			t.prose(2, "", "No advisory is known of it.")
			return
		}
		t.prose(2, "", "Not judged: its version is not known.")
		return
	}
	var parts []string
	for _, s := range []currency.Status{currency.Open, currency.VendorUnknown, currency.Undecided, currency.Accepted, currency.NotApplicable, currency.Fixed, currency.NotAffected} {
		if n := c.Counts[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, statusWords[s]))
		}
	}
	codes := yellow
	switch {
	case c.Clear:
		codes = green
		parts = append([]string{"nothing known is open"}, parts...)
	case c.Counts[currency.Open] > 0:
		codes = red
	}
	for _, line := range wrap("Advisories: "+strings.Join(parts, ", ")+".", t.width()-2) {
		t.linef(2, "%s", t.paint(codes, line))
	}
}

// openShown is how many open advisories of a component are told in full without
// --verbose.
const openShown = 4

// open tells of open advisories in full.
func (t *updatesText) open(c *UpdateComponent) {
	var rest []string
	shown := 0
	for i := range c.Verdicts {
		v := &c.Verdicts[i]
		if v.Status != currency.Open {
			continue
		}
		if shown == openShown && !t.Verbose {
			rest = append(rest, v.name())
			continue
		}
		shown++
		t.verdict(v)
	}
	if len(rest) > 0 {
		t.prose(4, "open too  ", strings.Join(rest, ", "))
	}
}

// name is the id with the names that people know.
func (v *UpdateVerdict) name() string {
	name := v.ID
	if len(v.Names) > 0 {
		name += " (" + strings.Join(v.Names, ", ") + ")"
	}
	if v.Exploited != nil && v.Exploited.Listed {
		name += " known exploited"
	}
	return name
}

func (t *updatesText) verdict(v *UpdateVerdict) {
	about := []string{}
	if v.Severity != "" {
		severity := v.Severity
		if v.Score > 0 {
			severity += fmt.Sprintf(" %.1f", v.Score)
		}
		about = append(about, severity)
	}
	about = append(about, v.Summary)
	t.item(4, clean(v.name()), strings.Join(about, ": "))
	t.prose(6, statusWords[v.Status]+": ", v.Why+".")
	if v.Upstream != "" && t.Verbose {
		t.prose(6, "upstream: ", v.Upstream+".")
	}
	takes := v.Takes
	if v.TakesSeen {
		takes += ": seen on this host"
	}
	t.prose(6, "takes: ", takes+".")
	if v.Mitigation != "" && v.Status == currency.Open {
		t.prose(6, "meanwhile: ", v.Mitigation+".")
	}
	if t.Verbose {
		for _, e := range v.Evidence {
			t.prose(6, "seen: ", e.Fact+" = "+e.Value+" ("+e.Source+")")
		}
		if v.Note != "" {
			t.prose(6, "note: ", v.Note+".")
		}
		t.prose(6, "see: ", strings.Join(v.References, " "))
	}
}

// others tell of the advisories of another status: their ids, and the reason where
// several share it. Those that concern nobody here are told with --verbose only.
func (t *updatesText) others(c *UpdateComponent, s currency.Status) {
	var order []string
	same := map[string][]string{}
	for i := range c.Verdicts {
		v := &c.Verdicts[i]
		if v.Status != s {
			continue
		}
		if t.Verbose {
			t.verdict(v)
			continue
		}
		if len(same[v.Why]) == 0 {
			order = append(order, v.Why)
		}
		same[v.Why] = append(same[v.Why], v.name())
	}
	if s == currency.Fixed || s == currency.NotAffected {
		return
	}
	for _, why := range order {
		t.prose(4, statusWords[s]+"  ", strings.Join(same[why], ", ")+": "+why+".")
	}
}

func (t *updatesText) waiting() {
	t.linef(0, "")
	t.linef(0, "%s", t.paint(bold, "WAITING"))
	any := false
	for _, n := range t.updates.Waiting {
		if n.Known {
			any = true
			t.prose(2, "", n.Words+".")
			if n.Fix != "" {
				t.prose(4, "do: ", n.Fix)
			}
		}
	}
	if !any {
		t.linef(2, "Nothing that was seen.")
	}
}

// notRead tells what could not be told for want of a fact, each once.
func (t *updatesText) notRead() {
	var lines []string
	seen := map[string]bool{}
	add := func(text, remedy string) {
		if remedy != "" {
			text += " (" + remedy + ")"
		}
		if !seen[text] {
			seen[text] = true
			lines = append(lines, text)
		}
	}
	for _, c := range t.updates.Components {
		for _, g := range c.Gaps {
			add(g.Fact+": "+g.Detail, g.Remedy)
		}
	}
	for _, n := range t.updates.Waiting {
		if !n.Known {
			add(n.Words, n.Fix)
		}
	}
	if len(lines) == 0 {
		return
	}
	t.linef(0, "")
	t.linef(0, "%s", t.paint(bold, "NOT READ"))
	for _, line := range lines {
		t.prose(2, "", line)
	}
}
