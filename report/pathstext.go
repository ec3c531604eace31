package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"seawall/attack"
	"seawall/rule"
)

// pathsShown is how many paths of each sort are told without --verbose.
const pathsShown = 5

// PathsText writes attack paths for people: which entries reach which targets, the
// worst paths hop by hop, what to change first, and what is not known.
func PathsText(w io.Writer, p *Paths, style Style) error {
	out := bufio.NewWriter(w)
	head := &Report{Host: p.Host, TakenAt: p.TakenAt, Engines: p.Engines}
	t := &pathsText{textReport: &textReport{Writer: out, Style: style, report: head, engines: len(p.Engines)}, paths: p, states: map[string]*PathState{}}
	for i := range p.States {
		t.states[p.States[i].ID] = &p.States[i]
	}
	t.header()
	t.made()
	t.baseline()
	t.grid()
	t.list("HOW AN ATTACK COULD GO", false)
	t.changes()
	t.list("POSSIBLE, IF WHAT WAS NOT SEEN IS SO", true)
	t.gaps()
	t.proofs()
	t.closing()
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write attack paths: %w", err)
	}
	return nil
}

// pathsText is the state of one text being written.
type pathsText struct {
	*textReport
	paths  *Paths
	states map[string]*PathState
}

// title begins a part.
func (t *pathsText) title(text string) {
	t.linef(0, "")
	t.linef(0, "%s", t.paint(bold, text))
}

func (t *pathsText) made() {
	if len(t.paths.Made) == 0 {
		return
	}
	t.title("AS IF DONE")
	for _, c := range t.paths.Made {
		t.prose(2, "", c.Text)
	}
}

// name is a state in words, with the number of those like it.
func (t *pathsText) name(id string) string {
	s := t.states[id]
	if n := len(s.Members); n > 1 {
		return s.Name + " and " + itoa(n-1) + " alike"
	}
	return s.Name
}

// list tells the paths of one sort.
func (t *pathsText) list(title string, possible bool) {
	shown, left := 0, 0
	for i := range t.paths.Paths {
		p := &t.paths.Paths[i]
		if p.Possible != possible {
			continue
		}
		if shown == pathsShown && !t.Verbose {
			left++
			continue
		}
		if shown == 0 {
			t.title(title)
		}
		shown++
		if possible && !t.Verbose {
			t.brief(p)
		} else {
			t.path(shown, p)
		}
	}
	if left > 0 {
		t.linef(2, "… and %s: --verbose", plural(left, "other path"))
	}
}

// path tells a path hop by hop.
func (t *pathsText) path(n int, p *Path) {
	t.linef(0, "")
	head := t.from(p) + " → " + t.name(p.To)
	for i, line := range wrap(clean(fmt.Sprintf("%s  (effort %d)", head, p.Cost)), t.width()-4) {
		label := "    "
		if i == 0 {
			label = fmt.Sprintf("%2d. ", n)
		}
		t.linef(0, "%s%s", label, t.paint(pathColor(p), line))
	}
	for i := range p.Hops {
		t.hop(&p.Hops[i])
	}
	if len(p.Like) > 0 {
		t.prose(4, "also from: ", t.names(p.Like))
	}
}

func pathColor(p *Path) string {
	switch {
	case p.Possible:
		return yellow
	case p.Cost <= 3:
		return red
	}
	return bold
}

// from are the entries of a path.
func (t *pathsText) from(p *Path) string {
	var names []string
	for _, id := range p.From {
		names = append(names, t.name(id))
	}
	return strings.Join(names, " together with ")
}

// names are states, no more than fit.
func (t *pathsText) names(ids []string) string {
	const most = 6
	var names []string
	for i, id := range ids {
		if i == most && !t.Verbose {
			names = append(names, itoa(len(ids)-i)+" more")
			break
		}
		names = append(names, t.name(id))
	}
	return strings.Join(names, ", ")
}

// hop tells one move: what is done, what was seen, what ends it.
func (t *pathsText) hop(h *PathHop) {
	if h.Step == attack.TakenOverID {
		return
	}
	text := h.Title
	if h.What != "" {
		text += ": " + h.What
	}
	if len(h.From) > 1 {
		text += " (it takes all of " + t.names(h.From) + ")"
	}
	t.prose(4, "› ", text+" → "+t.name(h.To))
	evidence := h.Evidence
	if !t.Verbose && len(evidence) > evidenceShown {
		evidence = evidence[:evidenceShown]
	}
	for _, e := range evidence {
		t.prose(6, "seen: ", evidenceText(e, t.Verbose))
	}
	for _, m := range h.Missing {
		t.prose(6, "not seen: ", missingText(m))
	}
	t.proof(h)
	if t.Verbose {
		t.prose(6, "why: ", h.Why)
	}
	var ends []string
	for _, c := range h.Ends {
		ends = append(ends, c.Text)
	}
	if len(ends) > 0 {
		t.prose(6, "cut by: ", strings.Join(ends, "; or "))
	}
}

func missingText(m rule.MissingFact) string {
	text := m.Fact + ": " + m.Detail
	if m.Remedy != "" {
		text += " → " + m.Remedy
	}
	return text
}

// brief tells a possible path in one sentence, with the first fact that decides.
func (t *pathsText) brief(p *Path) {
	text := t.from(p) + " → " + t.name(p.To)
	for i := range p.Hops {
		if h := &p.Hops[i]; len(h.Missing) > 0 {
			text += ", by " + h.Step + ", if so: " + missingText(h.Missing[0])
			break
		}
	}
	t.prose(2, "? ", text)
}

// changes tells the cut.
func (t *pathsText) changes() {
	cut := &t.paths.Cut
	total := t.paths.Certain()
	switch {
	case total == 0:
		return
	case !cut.Possible:
		t.title("WHAT TO CHANGE")
		t.prose(2, "", "No set of the changes that may be made ends all paths. This one stays:")
		for i := range cut.Uncut {
			t.hop(&cut.Uncut[i])
		}
		return
	}
	t.title("WHAT TO CHANGE FIRST")
	t.prose(2, "", t.verdict())
	for i := range cut.Changes {
		t.change(i+1, &cut.Changes[i], total)
	}
}

// verdict says what the cut is worth.
func (t *pathsText) verdict() string {
	cut := &t.paths.Cut
	text := plural(len(cut.Changes), "change") + " of weight " + itoa(int(cut.Cost)) + " end every certain path"
	if len(cut.Changes) == 1 {
		text = "1 change of weight " + itoa(int(cut.Cost)) + " ends every certain path"
	}
	if cut.Proven {
		return text + "; nothing of less weight does."
	}
	return text + "; it is not proven that nothing of less weight does, at least " + itoa(int(cut.Lower)) + " is needed."
}

func (t *pathsText) change(n int, c *PathChange, total int) {
	text := c.Text
	if len(c.Containers) > 1 {
		text += " (and so " + strings.Join(c.Containers[1:min(len(c.Containers), 6)], ", ")
		if more := len(c.Containers) - 6; more > 0 {
			text += " and " + itoa(more) + " more"
		}
		text += ")"
	}
	t.prose(2, fmt.Sprintf("%d. ", n), text)
	about := "weight " + itoa(int(c.Weight))
	if c.Disruption != "" {
		about += ", " + string(c.Disruption)
	}
	if c.Left != nil {
		about += fmt.Sprintf("; then %d of %d are left", *c.Left, total)
	}
	t.linef(5, "%s", t.paint(dim, about+" · "+clean(c.ID)))
	forms := fixForms(rule.Fix{Run: c.Run, Compose: c.Compose, Daemon: c.Daemon, Shell: c.Shell})
	if !t.Verbose && len(forms) > 1 {
		forms = forms[:1]
	}
	for _, f := range forms {
		t.form(5, f)
	}
	t.prose(5, "May break: ", c.Breaks)
}

// gaps say which lists could not be read.
func (t *pathsText) gaps() {
	if len(t.paths.Gaps) == 0 {
		return
	}
	t.title("NOT READ")
	for _, g := range t.paths.Gaps {
		t.prose(2, "", missingText(g))
	}
}

// closing sums up, and says where to go on.
func (t *pathsText) closing() {
	t.linef(0, "")
	certain := t.paths.Certain()
	possible := len(t.paths.Pairs) - certain
	if certain == 0 {
		text := "No path was found"
		if possible > 0 {
			text += ", but " + plural(possible, "pair") + " of entry and target depend on what was not seen"
		}
		t.prose(0, "", text+": "+plural(len(t.paths.Entries), "entry state")+", "+plural(len(t.paths.Targets), "target")+".")
		return
	}
	t.linef(0, "From one entry:  seawall paths --from ID     To one target:  seawall paths --to ID")
	if len(t.paths.Cut.Changes) > 0 {
		t.linef(0, "Try a change:    seawall paths --what-if %s", clean(t.paths.Cut.Changes[0].ID))
	}
}

// targets are those that some entry reaches, in the order of the answer.
func (t *pathsText) targets() []string {
	reached := map[string]bool{}
	for _, p := range t.paths.Pairs {
		reached[p.To] = true
	}
	return slices.DeleteFunc(slices.Clone(t.paths.Targets), func(id string) bool { return !reached[id] })
}
