package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"seawall/currency"
	"seawall/currency/known"
	"seawall/lang"
	"seawall/report/monospace"
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
		t.hints([]hint{{lang.T("Every advisory, and what decided:"), "seawall updates --verbose"}})
	}
	if err := out.Flush(); err != nil {
		return lang.Errorf("write updates: %w", err)
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
	text := lang.Sprintf("Judged by %s, the newest of %s, %s before this.", lang.Plural(d.Advisories, "%d advisory", "%d advisories", d.Advisories), d.AsOf, lang.Plural(d.AgeDays, "%d day", "%d days", d.AgeDays))
	codes := dim
	switch d.Freshness {
	case currency.Aging:
		codes, text = yellow, lang.Sprintf("%s What became known since is not among them: newer ones come with seawall data update, or with a newer Seawall.", text)
	case currency.Stale:
		codes, text = red, lang.Sprintf("%s That is too old: where nothing is open by it, nothing can be said. Newer ones come with seawall data update, or with a newer Seawall.", text)
	}
	t.linef(0, "")
	for _, line := range monospace.Wrap(text, t.width()) {
		t.linef(0, "%s", t.paint(codes, line))
	}
}

func componentName(c known.Component) string {
	switch c {
	case known.Engine:
		return lang.T("Engine")
	case known.BuildKit:
		return lang.T("BuildKit in the engine")
	case known.Kernel:
		return lang.T("Kernel")
	}
	return map[known.Component]string{
		known.CLI: "CLI", known.Containerd: "containerd", known.Runc: "runc",
		known.Compose: "Compose", known.Buildx: "buildx", known.Slirp4netns: "slirp4netns",
	}[c]
}

func (t *updatesText) component(c *UpdateComponent) {
	t.linef(0, "")
	title := componentName(c.Component)
	if c.Version != "" {
		title += " " + c.Version
	} else {
		title = lang.Sprintf("%s, version not known", title)
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
	for _, s := range statuses[1:] { // all but open ones
		t.others(c, s)
	}
}

// branchWords tell whether the branch is maintained, and by whom.
func branchWords(c *UpdateComponent) string {
	var parts []string
	if b := c.Branch; b.Name != "" {
		parts = append(parts, b.words())
	}
	if c.Branch.Newest != "" && c.Branch.Newest != c.Release {
		words := lang.Sprintf("newest release seen: %s", c.Branch.Newest)
		if c.Branch.Name != "" {
			words = lang.Sprintf("newest of it seen: %s", c.Branch.Newest)
		}
		parts = append(parts, words)
	}
	if s := c.Support; s != nil {
		switch {
		case s.LongTermEnds != "" && s.State == currency.Unmaintained:
			parts = append(parts, lang.Sprintf("%s has no support since %s", s.Name, s.LongTermEnds))
		case s.SecurityEnds != "":
			parts = append(parts, lang.Sprintf("%s: security support until %s, long-term support until %s", s.Name, s.SecurityEnds, s.LongTermEnds))
		case s.LongTermEnds != "":
			parts = append(parts, lang.Sprintf("%s: long-term support until %s", s.Name, s.LongTermEnds))
		case s.Name == currency.Unstable:
			parts = append(parts, lang.Sprintf("%s has no time of support", lang.T(s.Name)))
		default:
			parts = append(parts, lang.Sprintf("how long %s is supported is not known here", s.Name))
		}
	}
	text := lang.Semicolon(parts)
	if text == "" {
		return ""
	}
	return lang.Sentence(lang.Capital(text))
}

// words say whether the branch is maintained upstream.
func (b *UpdateBranch) words() string {
	switch {
	case b.State == currency.StillMaintained && b.Ends != "":
		return lang.Sprintf("Branch %s is maintained upstream until %s", b.Name, b.Ends)
	case b.State == currency.Unmaintained && b.Ends != "":
		return lang.Sprintf("Branch %s is no longer maintained upstream (since %s)", b.Name, b.Ends)
	case b.Ends != "":
		return lang.Sprintf("Branch %s is not known to be maintained upstream until %s", b.Name, b.Ends)
	}
	text := lang.Sprintf("Branch %s is not known to be maintained upstream", b.Name)
	switch b.State {
	case currency.StillMaintained:
		text = lang.Sprintf("Branch %s is maintained upstream", b.Name)
	case currency.Unmaintained:
		text = lang.Sprintf("Branch %s is no longer maintained upstream", b.Name)
	}
	if b.Status != "" {
		text = lang.Bracket(text, b.Status)
	}
	return text
}

// statuses are in the order in which they are told.
var statuses = []currency.Status{
	currency.Open, currency.VendorUnknown, currency.Undecided, currency.Accepted, currency.NotApplicable, currency.Fixed, currency.NotAffected,
}

// statusWord names a status in a sentence.
func statusWord(s currency.Status) string {
	switch s {
	case currency.Open:
		return lang.C("an advisory", "open")
	case currency.VendorUnknown:
		return lang.T("vendor's word not known")
	case currency.Undecided:
		return lang.T("undecided")
	case currency.Accepted:
		return lang.T("accepted by the vendor")
	case currency.NotApplicable:
		return lang.T("not applicable here")
	case currency.Fixed:
		return lang.C("an advisory", "mended")
	case currency.NotAffected:
		return lang.T("of later versions")
	}
	return string(s)
}

// statusCount is "3 open".
func statusCount(n int, s currency.Status) string {
	switch s {
	case currency.Open:
		return lang.Sprintf("%d open", n)
	case currency.VendorUnknown:
		return lang.Sprintf("%d vendor's word not known", n)
	case currency.Undecided:
		return lang.Sprintf("%d undecided", n)
	case currency.Accepted:
		return lang.Sprintf("%d accepted by the vendor", n)
	case currency.NotApplicable:
		return lang.Sprintf("%d not applicable here", n)
	case currency.Fixed:
		return lang.Sprintf("%d mended", n)
	}
	return lang.Sprintf("%d of later versions", n)
}

// sum says how many advisories have which status.
func (t *updatesText) sum(c *UpdateComponent) {
	if len(c.Verdicts) == 0 {
		if c.Version != "" {
			t.prose(2, "", lang.T("No advisory is known of it."))
			return
		}
		t.prose(2, "", lang.T("Not judged: its version is not known."))
		return
	}
	var parts []string
	for _, s := range statuses {
		if n := c.Counts[s]; n > 0 {
			parts = append(parts, statusCount(n, s))
		}
	}
	codes := yellow
	switch {
	case c.Clear:
		codes = green
		parts = append([]string{lang.T("nothing known is open")}, parts...)
	case c.Counts[currency.Open] > 0:
		codes = red
	}
	for _, line := range monospace.Wrap(lang.Sprintf("Advisories: %s.", lang.Comma(parts)), t.width()-2) {
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
		t.prose(4, lang.T("open too")+"  ", lang.Comma(rest))
	}
}

// name is the id with the names that people know.
func (v *UpdateVerdict) name() string {
	name := v.ID
	if len(v.Names) > 0 {
		name += " (" + strings.Join(v.Names, ", ") + ")"
	}
	if v.Exploited != nil && v.Exploited.Listed {
		name = lang.Sprintf("%s known exploited", name)
	}
	return name
}

func (t *updatesText) verdict(v *UpdateVerdict) {
	about := []string{}
	if v.Severity != "" {
		severity := lang.T(v.Severity)
		if v.Score > 0 {
			severity += fmt.Sprintf(" %.1f", v.Score)
		}
		about = append(about, severity)
	}
	about = append(about, v.Summary)
	t.item(4, clean(v.name()), strings.Join(about, ": "))
	t.prose(6, statusWord(v.Status)+": ", lang.Sentence(v.Why))
	if v.Upstream != "" && t.Verbose {
		t.prose(6, lang.T("upstream: "), lang.Sentence(v.Upstream))
	}
	takes := v.Takes
	if v.TakesSeen {
		takes = lang.Sprintf("%s: seen on this host", takes)
	}
	t.prose(6, lang.T("takes: "), lang.Sentence(takes))
	if v.Mitigation != "" && v.Status == currency.Open {
		t.prose(6, lang.T("meanwhile: "), lang.Sentence(v.Mitigation))
	}
	if t.Verbose {
		for _, e := range v.Evidence {
			t.prose(6, lang.T("seen: "), e.Fact+" = "+e.Value+" ("+e.Source+")")
		}
		if v.Note != "" {
			t.prose(6, lang.T("note: "), lang.Sentence(v.Note))
		}
		t.prose(6, lang.T("see: "), strings.Join(v.References, " "))
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
		t.prose(4, statusWord(s)+"  ", lang.Sentence(lang.Comma(same[why])+": "+why))
	}
}

func (t *updatesText) waiting() {
	t.linef(0, "")
	t.linef(0, "%s", t.paint(bold, lang.T("WAITING")))
	any := false
	for _, n := range t.updates.Waiting {
		if n.Known {
			any = true
			t.prose(2, "", lang.Sentence(n.Words))
			if n.Fix != "" {
				t.prose(4, lang.T("do: "), n.Fix)
			}
		}
	}
	if !any {
		t.linef(2, "%s", lang.T("Nothing that was seen."))
	}
}

// notRead tells what could not be told for want of a fact, each once.
func (t *updatesText) notRead() {
	var lines []string
	seen := map[string]bool{}
	add := func(text, remedy string) {
		if remedy != "" {
			text = lang.Bracket(text, lang.Reword(remedy))
		}
		if !seen[text] {
			seen[text] = true
			lines = append(lines, text)
		}
	}
	for _, c := range t.updates.Components {
		for _, g := range c.Gaps {
			add(g.Fact+": "+lang.Reword(g.Detail), g.Remedy)
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
	t.linef(0, "%s", t.paint(bold, lang.T("NOT READ")))
	for _, line := range lines {
		t.prose(2, "", line)
	}
}
