package ownrule

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
	"seawall/trial"
)

// example is an example and its place.
type example struct {
	rule.Example
	node *yaml.Node
}

func plainExamples(list []example) []rule.Example {
	var out []rule.Example
	for _, ex := range list {
		out = append(out, ex.Example)
	}
	return out
}

// examples reads those of a rule, bad or good, and sees that each loads.
func (f *file) examples(m fields, key, kind string) []example {
	n := m.values[key]
	if n == nil {
		f.fault(m.node, "no %s example: add '%s:' and a list, such as '- run: docker run nginx'", key, key)
		return nil
	}
	var out []example
	for _, item := range f.list(n, lang.Sprintf("%s examples", key), maxExamples) {
		if ex, ok := f.example(item, key, kind); ok {
			out = append(out, ex)
		}
	}
	if n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
		f.fault(n, "no %s example", key)
	}
	return out
}

func (f *file) example(n *yaml.Node, key, kind string) (example, bool) {
	before := len(f.faults)
	m, ok := f.mapping(n, lang.T("an example"), "show", "run", "daemon", "config", "facts")
	if !ok {
		return example{}, false
	}
	ex := example{node: n}
	ex.Show, ex.Run = f.text(m, "show"), f.text(m, "run")
	ex.Daemon, ex.Config = f.text(m, "daemon"), f.text(m, "config")
	facts := f.facts(m, kind)
	if len(facts) > 0 {
		ex.Facts = func(s *snapshot.Snapshot) {
			for _, fact := range facts {
				// What cannot be set was told when the file was read.
				_ = fact.set(s, kind)
			}
		}
		if ex.Show == "" {
			ex.Show = shownFacts(facts)
		}
	}
	if len(m.values) == 0 {
		f.fault(n, "an empty %s example: give it run, daemon, config or facts", key)
	}
	if len(f.faults) > before {
		return example{}, false
	}
	return ex, f.loads(ex, facts, kind)
}

// loads notes why an example cannot be laid on a host.
func (f *file) loads(ex example, facts []fact, kind string) bool {
	bare := ex.Example
	bare.Facts = nil
	s, err := trial.Load(bare)
	if err != nil {
		f.fault(ex.node, "%s", strings.Join(strings.Fields(err.Error()), " "))
		return false
	}
	for _, fact := range facts {
		if err := fact.set(s, kind); err != nil {
			f.fault(fact.key, "%v", err)
			return false
		}
	}
	return true
}

// shownFacts is the example in words.
func shownFacts(facts []fact) string {
	var parts []string
	for _, fact := range facts {
		parts = append(parts, fact.path+" = "+string(fact.value))
	}
	return strings.Join(parts, ", ")
}
