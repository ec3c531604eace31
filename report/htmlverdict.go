package report

import (
	"seawall/attack"
	"seawall/lang"
	"seawall/report/page"
)

// htmlVerdicts are the worst, and what ends it, in a sentence; then what that sentence
// leaves open.
func (p *Paths) htmlVerdicts() []page.Statement {
	out := []page.Statement{p.htmlVerdict()}
	certain := p.Certain()
	if n := len(p.Pairs) - certain; n > 0 && certain > 0 {
		out = append(out, page.Statement{Text: lang.Plural(n, "Between %d more pair of entry and target there is a path if what was not seen is so.", "Between %d more pairs of entry and target there is a path if what was not seen is so.", n), Tone: page.Warn, See: "paths"})
	}
	if n := len(p.Gaps); n > 0 {
		out = append(out, page.Statement{Text: lang.Plural(n, "%d list could not be read: there may be paths that nobody sees.", "%d lists could not be read: there may be paths that nobody sees.", n), Tone: page.Warn, See: "coverage"})
	}
	if n := p.SecretsLeftOut; n > 0 {
		out = append(out, page.Statement{Text: lang.Plural(n, "Paths to %d secret of containers and networks were not looked for: seawall paths --to 'secret:*' does.", "Paths to %d secrets of containers and networks were not looked for: seawall paths --to 'secret:*' does.", n)})
	}
	return out
}

func (p *Paths) htmlVerdict() page.Statement {
	certain, maybe := p.Certain(), len(p.Pairs)
	switch {
	case certain == 0 && maybe > 0:
		text := lang.Plural(maybe, "No certain attack path is known on %[2]s; between %[1]d pair of entry and target there is one if what was not seen is so.",
			"No certain attack path is known on %[2]s; between %[1]d pairs of entry and target there is one if what was not seen is so.", maybe, p.place())
		return page.Statement{Text: text, Tone: page.Warn, See: "paths"}
	case certain == 0 && len(p.Gaps) > 0:
		return page.Statement{Text: lang.Sprintf("In what could be read, no attack path was found on %s.", p.place()), Tone: page.Warn, See: "coverage"}
	case certain == 0:
		return page.Statement{Text: lang.Sprintf("No attack path is known on %s.", p.place()), Tone: page.Good}
	case !p.Cut.Possible:
		return page.Statement{Text: p.uncloses(), Tone: page.Bad, See: "uncut"}
	}
	return page.Statement{Text: p.closes(len(p.Cut.Changes)), Tone: page.Bad, See: "changes"}
}

// place is where the paths are.
func (p *Paths) place() string {
	if len(p.Assumed) > 0 {
		return lang.T("the assumed host")
	}
	return lang.T("this host")
}

// closes says that so many changes end all that is certain.
func (p *Paths) closes(n int) string {
	switch root, others := p.goals(); {
	case root && others == "":
		return lang.Plural(n, "%d change closes every known path to root on %s.", "%d changes close every known path to root on %s.", n, p.place())
	case root:
		return lang.Plural(n, "%d change closes every known path to root on %s, and to: %s.", "%d changes close every known path to root on %s, and to: %s.", n, p.place(), others)
	default:
		return lang.Plural(n, "%d change closes every known attack path on %s. They lead to: %s.", "%d changes close every known attack path on %s. They lead to: %s.", n, p.place(), others)
	}
}

// uncloses says that no changes do.
func (p *Paths) uncloses() string {
	switch root, others := p.goals(); {
	case root && others == "":
		return lang.Sprintf("No set of changes closes every known path to root on %s: one stays, whatever is changed.", p.place())
	case root:
		return lang.Sprintf("No set of changes closes every known attack path on %s: one stays, whatever is changed. They lead to root, and to: %s.", p.place(), others)
	default:
		return lang.Sprintf("No set of changes closes every known attack path on %s: one stays, whatever is changed. They lead to: %s.", p.place(), others)
	}
}

// goals are what certain paths lead to: whether to root, and the names of a few others.
func (p *Paths) goals() (root bool, others string) {
	names := p.names()
	leads := map[string]bool{}
	for i := range p.Pairs {
		if !p.Pairs[i].Possible {
			leads[p.Pairs[i].To] = true
		}
	}
	var list []string
	for _, id := range p.reached() {
		switch s := names[id]; {
		case !leads[id]:
		case s.Kind == attack.HostRoot && s.Engine == "":
			root = true
		default:
			list = append(list, names.name(id))
		}
	}
	return root, clean(lang.Comma(atMost(list, 3)))
}

// htmlVerdicts are what a report that holds the attack in short tells of it; blind says that
// not all could be read.
func (a *Attack) htmlVerdicts(blind bool) []page.Statement {
	out := []page.Statement{a.htmlVerdict(blind)}
	if a.Certain > 0 && a.Possible > 0 {
		out = append(out, page.Statement{Text: lang.Plural(a.Possible, "Between %d more pair of entry and target there is a path if what was not seen is so.", "Between %d more pairs of entry and target there is a path if what was not seen is so.", a.Possible), Tone: page.Warn})
	}
	if n := a.Certain; n > len(a.Ways) && len(a.Ways) > 0 {
		out = append(out, page.Statement{Text: lang.Plural(len(a.Ways), "A saved report holds %d way; the snapshot gives all.", "A saved report holds %d ways; the snapshot gives all.", len(a.Ways))})
	}
	return out
}

func (a *Attack) htmlVerdict(blind bool) page.Statement {
	switch {
	case a.Certain == 0 && a.Possible == 0 && blind:
		return page.Statement{Text: lang.T("In what could be read, no attack path was found."), Tone: page.Warn, See: "coverage"}
	case a.Certain == 0 && a.Possible == 0:
		return page.Statement{Text: lang.T("No attack path is known."), Tone: page.Good}
	case a.Certain == 0:
		return page.Statement{Text: lang.Plural(a.Possible, "No certain attack path is known; between %d pair of entry and target there is one if what was not seen is so.", "No certain attack path is known; between %d pairs of entry and target there is one if what was not seen is so.", a.Possible), Tone: page.Warn}
	case len(a.Changes) == 0:
		return page.Statement{Text: lang.Plural(a.Certain, "Between %d pair of entry and target there is a known attack path.", "Between %d pairs of entry and target there are known attack paths.", a.Certain), Tone: page.Bad, See: "paths"}
	}
	return page.Statement{Text: lang.Plural(a.Certain, "Between %d pair of entry and target there is a known attack path. Change first: %s.", "Between %d pairs of entry and target there are known attack paths. Change first: %s.", a.Certain, clean(a.Changes[0])), Tone: page.Bad, See: "paths"}
}

// htmlPaths are the ways that a report tells in short.
func (a *Attack) htmlPaths() []page.Path {
	var out []page.Path
	for _, w := range a.Ways {
		next := page.Path{From: clean(w.From), To: clean(w.To), Effort: w.Cost}
		for _, title := range w.Steps {
			next.Hops = append(next.Hops, page.Hop{Title: clean(title)})
		}
		out = append(out, next)
	}
	return out
}
