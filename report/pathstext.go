package report

import (
	"bufio"
	"io"
	"slices"
	"strings"

	"seawall/attack"
	"seawall/lang"
	"seawall/rule"
)

// listsShown is how many lists that could not be read are told without --verbose.
const listsShown = 5

// PathsText writes attack paths for people: which entries reach which targets, the
// worst paths hop by hop, what to change first, and what is not known.
func PathsText(w io.Writer, p *Paths, style Style) error {
	out := bufio.NewWriter(w)
	t := newPathsText(out, p, style)
	t.header()
	t.assumed()
	t.made()
	t.baseline()
	t.grid()
	t.list(lang.T("HOW AN ATTACK COULD GO"), false)
	t.changes()
	t.list(lang.T("POSSIBLE, IF WHAT WAS NOT SEEN IS SO"), true)
	t.gaps()
	t.proofs()
	t.closing()
	if err := out.Flush(); err != nil {
		return lang.Errorf("write attack paths: %w", err)
	}
	return nil
}

// pathsText is the state of one text being written.
type pathsText struct {
	*textReport
	pathNames
	paths *Paths
	// cut are the numbers of the changes of the cut, by id.
	cut map[string]int
	// told are the hops that were told already, with the number of their path.
	told map[string]int
}

func newPathsText(out *bufio.Writer, p *Paths, style Style) *pathsText {
	t := &pathsText{
		textReport: &textReport{Writer: out, Style: style, report: p.head(), engines: len(p.Engines)},
		pathNames:  p.names(), paths: p, cut: map[string]int{}, told: map[string]int{},
	}
	for i := range p.Cut.Changes {
		t.cut[p.Cut.Changes[i].ID] = i + 1
	}
	return t
}

// head is what reports of all kinds say first: of an assumed engine the files that
// declare what it runs.
func (p *Paths) head() *Report {
	r := &Report{Tool: p.Tool, Host: p.Host, TakenAt: p.TakenAt, Engines: p.Engines}
	if len(p.Assumed) > 0 {
		r.Engines = slices.Clone(r.Engines)
		for i := range r.Engines {
			r.Engines[i].Name, r.Engines[i].Images = r.Engines[i].FoundBy, 0
		}
	}
	return r
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
	t.title(lang.T("AS IF DONE"))
	for _, c := range t.paths.Made {
		t.prose(2, "", c.Text)
	}
}

// assumed says what of a declaration's host is taken for granted.
func (t *pathsText) assumed() {
	if len(t.paths.Assumed) == 0 {
		return
	}
	t.title(lang.T("ASSUMED, FOR FILES DO NOT TELL"))
	for _, a := range t.paths.Assumed {
		t.prose(2, "", lang.T(a))
	}
}

// gaps say which lists could not be read.
func (t *pathsText) gaps() {
	gaps := t.paths.Gaps
	if len(gaps) == 0 {
		return
	}
	t.title(lang.T("NOT READ: THERE MAY BE MORE PATHS"))
	for i, g := range gaps {
		if i == listsShown && !t.Verbose {
			t.linef(2, "%s", lang.Plural(len(gaps)-i, "… and %d other list: --verbose", "… and %d other lists: --verbose", len(gaps)-i))
			break
		}
		t.prose(2, "", missingText(g))
	}
}

func missingText(m rule.MissingFact) string {
	text := strings.Join(slices.DeleteFunc([]string{m.Fact, lang.Reword(m.Detail)}, func(s string) bool { return s == "" }), ": ")
	if m.Remedy != "" {
		text += " → " + lang.Reword(m.Remedy)
	}
	return text
}

// closing sums up, or says where to go on.
func (t *pathsText) closing() {
	t.linef(0, "")
	if n := t.paths.SecretsLeftOut; n > 0 {
		t.prose(0, "", lang.Plural(n, "%d secret of containers and networks are left out: --to 'secret:*' asks about them.", "%d secrets of containers and networks are left out: --to 'secret:*' asks about them.", n))
	}
	if t.paths.Certain() == 0 {
		t.prose(0, "", t.paths.nothing())
		return
	}
	worst := &t.paths.Paths[0]
	command := "seawall paths"
	if files := t.report.Engines; len(t.paths.Assumed) > 0 && len(files) > 0 {
		command += " " + clean(files[0].Name)
	}
	hints := []hint{{lang.T("One entry or target:"), command + " --from " + clean(worst.From[0]) + " --to " + clean(worst.To)}}
	if len(t.paths.Cut.Changes) > 0 {
		hints = append(hints, hint{lang.T("Try a change:"), command + " --what-if " + clean(t.paths.Cut.Changes[0].pattern())})
	}
	t.hints(append(hints, hint{lang.T("About a step:"), "seawall explain " + worst.mainStep(&t.paths.Cut).Step}))
}

// pattern is the change's id, or a pattern of its kind where it is made to several
// containers.
func (c *PathChange) pattern() string {
	kind, _, _ := strings.Cut(c.ID, ":")
	if len(c.Containers) > 1 {
		return "'" + kind + ":*'"
	}
	return c.ID
}

// nothing says that there is no certain path.
func (p *Paths) nothing() string {
	if n := len(p.Pairs); n > 0 {
		return lang.Plural(n, "No certain path was found. Between %d pair of entry and target there is one if what was not seen is so.",
			"No certain path was found. Between %d pairs of entry and target there is one if what was not seen is so.", n)
	}
	if len(p.Gaps) == 0 {
		return lang.T("No path was found.")
	}
	return lang.T("No certain path was found.")
}

// reached are the targets that some entry reaches, the worst first.
func (p *Paths) reached() []string {
	reached := map[string]bool{}
	for _, pair := range p.Pairs {
		reached[pair.To] = true
	}
	names := p.names()
	out := slices.DeleteFunc(slices.Clone(p.Targets), func(id string) bool { return !reached[id] })
	slices.SortStableFunc(out, func(a, b string) int { return attack.CompareTargets(names[a].Kind, names[b].Kind) })
	return out
}

// pathNames are the states of an answer by id.
type pathNames map[string]*PathState

func (p *Paths) names() pathNames {
	names := pathNames{}
	for i := range p.States {
		names[p.States[i].ID] = &p.States[i]
	}
	return names
}

// name is a state in words, with the number of those like it.
func (n pathNames) name(id string) string { return n[id].label() }

func (s *PathState) label() string {
	if n := len(s.Members); n > 1 {
		return lang.Sprintf("%s and %d alike", s.Name, n-1)
	}
	return s.Name
}

// all are the names of states.
func (n pathNames) all(ids []string) []string {
	var names []string
	for _, id := range ids {
		names = append(names, n.name(id))
	}
	return names
}

// together are the names of states that are taken together.
func (n pathNames) together(ids []string) string { return togetherWith(n.all(ids)) }
