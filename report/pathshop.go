package report

import (
	"fmt"
	"strings"

	"seawall/attack"
	"seawall/lang"
	"seawall/rule"
)

// hop tells one move of path n: what is done, what was seen, what ends it. Without
// --verbose, what was told of an earlier path is not told again, and of what takes
// no effort only that it is done. The last hop leads where the path does.
func (t *pathsText) hop(n int, h *PathHop, what string, last bool) {
	if h.Step == attack.TakenOverID {
		return
	}
	text := h.does(what)
	if len(h.From) > 1 {
		text = lang.Sprintf("%s (it takes all of: %s)", text, lang.Semicolon(t.all(h.From)))
	}
	if !last || t.Verbose {
		text += " → " + t.name(h.To)
	}
	before, told := t.told[h.key()]
	switch {
	case t.Verbose:
		text = lang.Sprintf("%s · %s, %s, effort %d", text, h.Step, h.ATTACK, h.Cost)
	case told:
		t.step(4, "›", lang.Sprintf("%s (as in %d)", text, before))
		return
	case h.Cost == 0 && !last && len(h.Missing) == 0 && (h.Proof == nil || h.Proof.Verdict == Proven):
		t.step(4, "›", text)
		return
	}
	t.told[h.key()] = n
	t.step(4, "›", text)
	t.seen(h)
	t.proof(h)
	if t.Verbose {
		t.prose(6, lang.T("why: "), h.Why)
	}
	if len(h.Ends) > 0 {
		t.prose(6, lang.T("ended by: "), t.ends(h))
	}
}

// does is what a hop does, and to what.
func (h *PathHop) does(what string) string { return doing(h.Title, what) }

// doing is what is done, and to what.
func doing(title, what string) string {
	if what == "" {
		return title
	}
	return title + ": " + what
}

// key is the same for hops of which the same is told.
func (h *PathHop) key() string { return fmt.Sprintf("%q %q %q %q", h.Step, h.From, h.To, h.What) }

// seen tells the facts that a hop rests on: without --verbose the first few, in
// one paragraph.
func (t *pathsText) seen(h *PathHop) {
	if t.Verbose {
		for _, e := range h.Evidence {
			t.prose(6, lang.T("seen: "), evidenceText(e, true))
		}
	} else if len(h.Evidence) > 0 {
		t.prose(6, lang.T("seen: "), factsText(h.Evidence[:min(len(h.Evidence), evidenceShown)]))
	}
	for _, m := range h.Missing {
		t.prose(6, lang.T("not seen: "), missingText(m))
	}
}

// factsText is evidence in one line, where facts in a row have the same source with
// the source once.
func factsText(list []rule.Evidence) string {
	var texts []string
	for i, e := range list {
		text := evidenceText(e, false)
		if i+1 < len(list) && list[i+1].Source == e.Source {
			text = strings.TrimSuffix(text, " ("+e.Source+")")
		}
		texts = append(texts, text)
	}
	return lang.Semicolon(texts)
}

// ends are the changes that end a hop. Without --verbose, the one of the cut by its
// number, or else the first one, and how many others would do.
func (t *pathsText) ends(h *PathHop) string {
	if t.Verbose {
		return h.changes()
	}
	others := len(h.Ends) - 1
	for _, c := range h.Ends {
		if n := t.cut[c.ID]; n > 0 {
			return orOthers(lang.Sprintf("change %d below", n), others)
		}
	}
	if len(h.Ends) == 0 {
		return lang.T("no change")
	}
	return orOthers(h.Ends[0].Text, others)
}

// orOthers is one of several changes, with the number of those that would do as well.
func orOthers(change string, others int) string {
	if others < 1 {
		return change
	}
	return lang.Plural(others, "%[2]s, or %[1]d other", "%[2]s, or %[1]d others", others, change)
}

// changes are all changes each of which ends a hop, in words.
func (h *PathHop) changes() string {
	var texts []string
	for _, c := range h.Ends {
		texts = append(texts, c.Text)
	}
	return strings.Join(texts, lang.T("; or: "))
}
