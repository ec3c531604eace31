package page

import (
	"html/template"
	"time"

	"seawall/lang"
	"seawall/snapshot"
)

// rows are containers with the head of their table.
type rows struct {
	Head       []string
	Containers []Container
}

// defaults names the capabilities that the engine grants by default; all of them together by
// their number.
func defaults(list []Capability) string {
	var out []string
	for _, c := range list {
		if !c.Added {
			out = append(out, c.Name)
		}
	}
	if len(out) == snapshot.DefaultCaps.Len() {
		return lang.Sprintf("the engine's %d defaults", len(out))
	}
	return lang.Comma(out)
}

// functions are what the template calls. T and Tf are lang.T and lang.Sprintf.
var functions = template.FuncMap{
	"T":         lang.T,
	"Tf":        sprintf,
	"lang":      lang.Tag,
	"join":      lang.Comma,
	"semicolon": lang.Semicolon,
	"words":     words,
	"rest":      func(list []string, n int) []string { return list[min(len(list), n):] },
	"cut": func(text string, n int) string {
		if runes := []rune(text); len(runes) > n {
			return string(runes[:n-1]) + "…"
		}
		return text
	},
	"firstFindings":   func(list []Finding) []Finding { return list[:min(len(list), findingsShown)] },
	"restFindings":    func(list []Finding) []Finding { return list[min(len(list), findingsShown):] },
	"firstChanges":    func(list []Change) []Change { return list[:min(len(list), changesShown)] },
	"restChanges":     func(list []Change) []Change { return list[min(len(list), changesShown):] },
	"firstContainers": func(v view) rows { return rows{v.Head, v.Containers[:min(len(v.Containers), rowsShown)]} },
	"restContainers": func(v view) *rows {
		if len(v.Containers) <= rowsShown {
			return nil
		}
		return &rows{v.Head, v.Containers[rowsShown:]}
	},
	"defaults":  defaults,
	"day":       func(t time.Time) string { return t.Format("2006-01-02") },
	"tall":      func(lines []string, i int) int { return nodePad + lineHeight*i + 12 },
	"shape":     shape,
	"severity":  severityName,
	"draw":      func(c *Chart) drawnChart { return c.draw() },
	"drawDates": func(d *Dates) drawnDates { return d.draw() },
	"heldAll":   func() []Held { return []Held{Used, Unused, Granted, NotHeld, HeldOpen} },
	"heldSign":  func(h Held) string { return heldSigns[h] },
	"heldText":  heldText,
}

func sprintf(format string, args ...any) string { return lang.Sprintf(format, args...) }

// shape is a sign of a severity that colour is not needed for.
func shape(severity string) string {
	return map[string]string{"critical": "◆", "high": "▲", "medium": "■", "low": "●"}[severity]
}

// severityName is a severity in the language that is spoken.
func severityName(severity string) string {
	switch severity {
	case "critical":
		return lang.T("critical")
	case "high":
		return lang.T("high")
	case "medium":
		return lang.T("medium")
	case "low":
		return lang.T("low")
	}
	return severity
}

var heldSigns = map[Held]string{Used: "●", Unused: "◌", Granted: "○", NotHeld: "·", HeldOpen: "?"}

func heldText(h Held) string {
	switch h {
	case Used:
		return lang.T("held and seen in use")
	case Unused:
		return lang.T("held, not used while it was watched")
	case Granted:
		return lang.T("held; whether it is used was not seen")
	case NotHeld:
		return lang.T("not held")
	}
	return lang.T("it was not seen whether it is held")
}

// words are the texts that the script shows.
func words() map[string]string {
	return map[string]string{
		"copy": lang.T("Copy"), "copied": lang.T("Copied"), "done": lang.T("As if done"),
		"shown": lang.T("{n} of {all} causes shown"),
		"left":  lang.T("{n} of {all} pairs of entry and target still have a certain path."),
		"rows":  lang.T("{n} of {all} rows shown."),
		"more":  lang.T("{n} rows match: give more words."),
		"all":   lang.T("Show all"),
	}
}
