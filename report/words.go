package report

import (
	"strings"

	"seawall/lang"
	"seawall/rule"
)

// severityWord is a severity as people read it.
func severityWord(s rule.Severity) string {
	switch s {
	case rule.Critical:
		return lang.T("critical")
	case rule.High:
		return lang.T("high")
	case rule.Medium:
		return lang.T("medium")
	case rule.Low:
		return lang.T("low")
	}
	return s.String()
}

// severityCount is "3 high".
func severityCount(n int, s rule.Severity) string {
	switch s {
	case rule.Critical:
		return lang.Sprintf("%d critical", n)
	case rule.High:
		return lang.Sprintf("%d high", n)
	case rule.Medium:
		return lang.Sprintf("%d medium", n)
	}
	return lang.Sprintf("%d low", n)
}

// kindWord is a kind of subject as people read it.
func kindWord(k rule.Kind) string {
	switch k {
	case rule.KindHost:
		return lang.T("host")
	case rule.KindEngine:
		return lang.T("engine")
	case rule.KindListener:
		return lang.T("listener")
	case rule.KindClient:
		return lang.T("client")
	case rule.KindUser:
		return lang.T("user")
	case rule.KindImage:
		return lang.T("image")
	case rule.KindContainer:
		return lang.T("container")
	case rule.KindNetwork:
		return lang.T("network")
	case rule.KindVolume:
		return lang.T("volume")
	}
	return string(k)
}

func containerCount(n int) string { return lang.Plural(n, "%d container", "%d containers", n) }
func causeCount(n int) string     { return lang.Plural(n, "%d cause", "%d causes", n) }
func resultCount(n int) string    { return lang.Plural(n, "%d result", "%d results", n) }
func findingCount(n int) string   { return lang.Plural(n, "%d finding", "%d findings", n) }
func ruleCount(n int) string      { return lang.Plural(n, "%d rule", "%d rules", n) }
func subjectCount(n int) string   { return lang.Plural(n, "%d subject", "%d subjects", n) }

// moreFacts is what is said of facts that are not shown.
func moreFacts(n int) string {
	return lang.Plural(n, "and %d fact more", "and %d facts more", n)
}

// togetherWith joins what is taken together.
func togetherWith(names []string) string { return strings.Join(names, lang.T(" together with ")) }
