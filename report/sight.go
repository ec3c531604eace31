package report

import (
	"slices"

	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// sight is what a report could see: whether the absence of a result means
// anything.
type sight struct {
	report  *Report
	rules   map[string]bool
	engines map[string]*Engine
	// unlisted are the rules and engines of which the list of subjects could not
	// be read.
	unlisted map[[2]string]bool
}

func newSight(r *Report) sight {
	s := sight{report: r, rules: map[string]bool{}, engines: map[string]*Engine{}, unlisted: map[[2]string]bool{}}
	for _, id := range r.Rules {
		s.rules[id] = true
	}
	for i := range r.Engines {
		// Of several that look the same, one that could not be read decides.
		key := rule.EngineKey(r.Engines[i].Name)
		if s.engines[key] == nil || s.engines[key].Gap == nil {
			s.engines[key] = &r.Engines[i]
		}
	}
	for i := range r.Results {
		if x := &r.Results[i]; x.Subject.Name == "*" {
			s.unlisted[[2]string{x.Rule, rule.EngineKey(x.Subject.Engine)}] = true
		}
	}
	return s
}

// blank says why the report would not hold a result even if its subject was
// there; "" if it would.
func (s sight) blank(x *rule.Result) string {
	engine := s.engines[rule.EngineKey(x.Subject.Engine)]
	switch {
	case !s.rules[x.Rule]:
		return lang.T("the rule was not asked")
	case s.report.Shown != nil:
		return lang.T("the report shows a part of the results only")
	case x.Subject.Engine != "" && engine == nil:
		return lang.Sprintf("the engine %s was not looked at", x.Subject.Engine)
	case engine != nil && engine.Gap != nil:
		return lang.Sprintf("the engine %s could not be read: %s", x.Subject.Engine, lang.T(engine.Gap.Detail))
	case s.unlisted[[2]string{x.Rule, rule.EngineKey(x.Subject.Engine)}]:
		return lang.Sprintf("not every %s could be listed", kindWord(x.Subject.Kind))
	case x.Subject.Kind == rule.KindClient && s.unprivileged():
		return lang.T("without root, only the calling user's configuration is read")
	}
	return ""
}

// unprivileged reports whether something could not be read for want of rights.
func (s sight) unprivileged() bool {
	return slices.ContainsFunc(s.report.Gaps, func(g Gap) bool { return g.Reason == snapshot.ReasonPermission })
}
