package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"seawall/attack"
	"seawall/lang"
	"seawall/rule"
)

// PathsSARIF writes attack paths as SARIF 2.1.0: a result for each path, with its
// moves as a code flow, and a rule for each step. A result belongs to the step that
// the cheapest cut ends, so that what is changed closes it.
func PathsSARIF(w io.Writer, p *Paths) error {
	rules := p.sarifRules()
	run := sarifRun{
		Tool:              sarifTool{sarifDriver{Name: "Seawall", Version: p.Tool, SemanticVersion: semantic(p.Tool), Rules: rules}},
		AutomationDetails: sarifID{"seawall-paths/" + segment(p.Host.Name) + "/"},
		ColumnKind:        "unicodeCodePoints",
		Results:           []sarifResult{},
	}
	index := map[string]int{}
	for i := range rules {
		index[rules[i].ID] = i
	}
	names := p.names()
	for i := range p.Paths {
		run.Results = append(run.Results, p.sarifResult(&p.Paths[i], index, names))
	}
	end := sarifInvocation{ExecutionSuccessful: true, EndTimeUTC: p.TakenAt.UTC().Format("2006-01-02T15:04:05Z")}
	for _, a := range p.Assumed {
		end.note(lang.Sprintf("assumed: %s", lang.T(a)))
	}
	for _, g := range p.Gaps {
		end.note(lang.Sprintf("not read: %s", missingText(g)))
	}
	run.Invocations = []sarifInvocation{end}
	return writeSARIF(w, run)
}

// sarifRules are the steps of the paths, by id.
func (p *Paths) sarifRules() []sarifRule {
	found := map[string]*PathHop{}
	for i := range p.Paths {
		main := p.Paths[i].mainStep(&p.Cut)
		found[main.Step] = main
		for j := range p.Paths[i].Hops {
			if h := &p.Paths[i].Hops[j]; found[h.Step] == nil && h.Step != attack.TakenOverID {
				found[h.Step] = h
			}
		}
	}
	out := []sarifRule{}
	for _, id := range slices.Sorted(maps.Keys(found)) {
		out = append(out, sarifStep(found[id]))
	}
	return out
}

func sarifStep(h *PathHop) sarifRule {
	why, tags := cmp.Or(oneParagraph(h.Why), h.Title), []string{"security", "docker", "attack-path"}
	help := sarifText{Text: why, Markdown: mdText(why)}
	if h.ATTACK != "" {
		link := "https://attack.mitre.org/techniques/" + strings.ReplaceAll(h.ATTACK, ".", "/") + "/"
		help = sarifText{Text: why + "\n\n" + link, Markdown: mdText(why) + "\n\n[ATT&CK " + h.ATTACK + "](" + link + ")"}
		tags = append(tags, "ATT&CK-"+h.ATTACK)
	}
	return sarifRule{
		ID: h.Step, Name: camel(h.Step), Short: sarifText{Text: h.Title}, Full: sarifText{Text: cut(why, sarifText1024)}, Help: help,
		Configuration: sarifConfiguration{sarifLevel(rule.High)},
		Properties:    sarifRuleProperties{Tags: tags, Precision: "high", Severity: securitySeverity(rule.High)},
	}
}

// severity is how bad a path is: the easier, the worse.
func (p *Path) severity() rule.Severity {
	switch {
	case p.Possible:
		return rule.Low
	case p.Cost <= 3:
		return rule.High
	}
	return rule.Medium
}

func (p *Paths) sarifResult(path *Path, index map[string]int, names pathNames) sarifResult {
	main := path.mainStep(&p.Cut)
	reason := lang.Sprintf("effort %d", path.Cost)
	if path.Possible {
		reason = lang.Sprintf("effort %d, if what was not seen is so", path.Cost)
	}
	out := sarifResult{
		RuleID: main.Step, RuleIndex: index[main.Step], Kind: "fail", Level: sarifLevel(path.severity()),
		Message:             sarifText{Text: sarifPlain(lang.Sentence(lang.Bracket(names.together(path.From)+" → "+names.name(path.To), reason) + ": " + path.story()))},
		Locations:           []sarifLocation{p.sarifWhere(path, main, names)},
		PartialFingerprints: map[string]string{"primaryLocationLineHash": path.fingerprint(), "seawall/v1": path.fingerprint()},
		CodeFlows:           []sarifCodeFlow{{[]sarifThreadFlow{{p.sarifFlow(path, names)}}}},
		Properties:          sarifProperties{Severity: path.severity().String(), SeverityReason: reason},
	}
	for i := range path.Hops {
		for _, e := range path.Hops[i].Evidence {
			out.Properties.Evidence = append(out.Properties.Evidence, clean(evidenceText(e, true)))
		}
	}
	return out
}

// sarifWhere is where a path is told: at its entry, or at the line of a declaration that
// makes its main move.
func (p *Paths) sarifWhere(path *Path, main *PathHop, names pathNames) sarifLocation {
	out := p.sarifState(names[path.From[0]])
	if len(p.Assumed) == 0 {
		return out
	}
	at, is := firstPlace(main.Evidence)
	for i := 0; !is && i < len(path.Hops); i++ {
		at, is = firstPlace(path.Hops[i].Evidence)
	}
	if is {
		out.Physical = sarifInFile(at).Physical
	}
	return out
}

// sarifFlow are the entries of a path and what each move gets, in their order.
func (p *Paths) sarifFlow(path *Path, names pathNames) []sarifFlowLocation {
	var out []sarifFlowLocation
	add := func(id, message string) {
		at := p.sarifState(names[id])
		at.Message = &sarifText{Text: sarifPlain(message)}
		out = append(out, sarifFlowLocation{Location: at, Importance: "essential", Order: len(out) + 1})
	}
	for _, id := range path.From {
		add(id, names.name(id))
	}
	for i := range path.Hops {
		h := &path.Hops[i]
		add(h.To, h.does(h.What)+" → "+names.name(h.To))
	}
	return out
}

// sarifState is the place of a state: that of a container or an account is the one
// that an audit gives it.
func (p *Paths) sarifState(s *PathState) sarifLocation {
	kind := s.Kind
	switch kind {
	case attack.ContainerRoot:
		kind = attack.Container
	case attack.Account:
		kind = attack.LocalUser
	}
	if name := s.bare(); name != "" {
		return sarifPlace(p.Host.Name, rule.Subject{Kind: rule.Kind(kind), Engine: s.Engine, Name: name})
	}
	return sarifAt(s.Name, p.Host.Name, s.Engine, string(kind))
}

// story are the steps of a path in words.
func (p *Path) story() string {
	var parts []string
	for i := range p.Hops {
		if h := &p.Hops[i]; h.Step != attack.TakenOverID {
			parts = append(parts, h.does(h.What))
		}
	}
	return strings.Join(parts, lang.T("; then: "))
}

// fingerprint stays the same from one run to the next.
func (p *Path) fingerprint() string {
	h := sha256.New()
	fmt.Fprintf(h, "path %q %q", p.From, p.To)
	for i := range p.Hops {
		fmt.Fprintf(h, " %q %q %q", p.Hops[i].Step, p.Hops[i].What, p.Hops[i].To)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
