package ownrule

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"seawall/cis"
	"seawall/lang"
	"seawall/near"
	"seawall/rule"
)

// ruleKeys are the keys of a rule.
var ruleKeys = []string{"id", "title", "severity", "confined", "subject", "why", "fix", "refs",
	"when", "otherwise", "fail", "message", "bad", "good"}

// rule reads a rule and tries its examples; nil if it has faults.
func (f *file) rule(n *yaml.Node, taken func(string) string) *rule.Rule {
	before := len(f.faults)
	m, _ := f.mapping(n, lang.T("a rule"), ruleKeys...)
	if n.Kind != yaml.MappingNode {
		return nil
	}
	r := &rule.Rule{Where: fmt.Sprintf("%s:%d", f.name, n.Line)}
	r.ID = f.id(m, taken)
	r.Title = f.need(m, "title", lang.T("A fault, as a statement"))
	r.Severity = f.severity(m, "severity")
	if m.values["confined"] != nil {
		r.Confined = f.severity(m, "confined")
		if r.Severity != 0 && r.Confined > r.Severity {
			f.fault(m.values["confined"], "confined is above the severity: it is the severity where root in a container is not root on the host")
		}
	}
	r.Why = f.need(m, "why", lang.T("what is at stake, in two sentences"))
	r.Fix = f.fix(m)
	r.Refs = f.refs(m)
	kind := f.subject(m)
	c := f.conditions(m, kind)
	bad, good := f.examples(m, "bad", kind), f.examples(m, "good", kind)
	r.Bad, r.Good = plainExamples(bad), plainExamples(good)
	if len(f.faults) > before {
		return nil
	}
	c.setCheck(r)
	if err := r.Validate(); err != nil {
		f.fault(n, "%s", strings.Join(strings.Fields(err.Error()), " "))
	} else {
		f.try(r, bad, good)
	}
	if len(f.faults) > before {
		return nil
	}
	return r
}

func (f *file) id(m fields, taken func(string) string) string {
	id := f.need(m, "id", "acme-container-without-owner")
	if id == "" {
		return ""
	}
	if !rule.ValidID(id) {
		f.fault(m.values["id"], "id %q: want words in lower case with hyphens between, such as acme-container-without-owner", shorten(id))
	} else if where := taken(id); where != "" {
		f.fault(m.values["id"], "id %s is taken by a rule of %s: choose another", id, where)
	}
	return id
}

func (f *file) severity(m fields, key string) rule.Severity {
	text := f.need(m, key, "medium")
	if text == "" {
		return 0
	}
	s, err := rule.ParseSeverity(text)
	if err != nil {
		f.fault(m.values[key], "%v", err)
	}
	return s
}

// subject reads the kind of subjects that the rule judges.
func (f *file) subject(m fields) string {
	text := f.need(m, "subject", "container")
	if text == "" || slices.Contains(rule.Kinds(), rule.Kind(text)) {
		return text
	}
	var names []string
	for _, k := range rule.Kinds() {
		names = append(names, string(k))
	}
	hint := lang.Sprintf("want one of %s", strings.Join(names, ", "))
	if n := near.Match(text, names); n != "" {
		hint = lang.Sprintf("did you mean %q?", n)
	}
	f.fault(m.values["subject"], "unknown subject %q: %s", shorten(text), hint)
	return ""
}

func (f *file) fix(m fields) rule.Fix {
	n := m.values["fix"]
	if n == nil {
		f.fault(m.node, "no fix: add 'fix:' with text and breaks")
		return rule.Fix{}
	}
	fix, ok := f.mapping(n, lang.T("a fix"), "text", "run", "compose", "daemon", "shell", "breaks")
	if !ok {
		return rule.Fix{}
	}
	return rule.Fix{
		Text: f.need(fix, "text", lang.T("what to do")), Breaks: f.need(fix, "breaks", lang.T("what may stop working, or Nothing.")),
		Run: f.text(fix, "run"), Compose: f.text(fix, "compose"), Daemon: f.text(fix, "daemon"), Shell: f.text(fix, "shell"),
	}
}

var (
	techniquePattern = regexp.MustCompile(`^T\d{4}(\.\d{3})?$`)
	sectionPattern   = regexp.MustCompile(`^\d(\.\d+)+$`)
)

// refs reads the references. The recommendations of the benchmark that it names
// are those that the rule decides.
func (f *file) refs(m fields) (out rule.Refs) {
	n := m.values["refs"]
	if n == nil {
		f.fault(m.node, "no refs: add 'refs:' with own, cis, nist, attack or docs")
		return out
	}
	refs, ok := f.mapping(n, "refs", "own", "cis", "nist", "attack", "docs")
	if !ok {
		return out
	}
	words := func(key, want string, valid func(string) bool) string {
		list := f.texts(refs, key)
		for _, w := range list {
			if !valid(w) {
				f.fault(refs.values[key], "%s %q: want %s", key, shorten(w), want)
			}
		}
		return strings.Join(list, " ")
	}
	out = rule.Refs{
		Own: f.texts(refs, "own"), Docs: f.text(refs, "docs"),
		CIS: words("cis", lang.T("a recommendation of the CIS Docker Benchmark 1.8, such as \"5.8\""), func(w string) bool {
			_, ok := cis.Lookup(w)
			return ok
		}),
		ATTACK: words("attack", lang.T("a technique such as T1611"), techniquePattern.MatchString),
		NIST:   words("nist", lang.T("a section of NIST SP 800-190 such as 4.4.3"), sectionPattern.MatchString),
	}
	if len(out.List()) == 0 {
		f.fault(n, "no reference: name one under own, cis, nist, attack or docs")
	}
	return out
}
