// Package report turns results into what people and programs read: one file a
// format, all from the same [Report]. It computes no verdicts.
package report

import (
	"time"

	"seawall/compliance"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// Format is the format and version written into every JSON report; its schema
// is docs/schema/report-1.json. The number grows when a reader of the old one
// would misread the new one.
const Format = "seawall.report/1"

// Report is an audit's outcome.
type Report struct {
	Format string `json:"format"`
	Tool   string `json:"tool"` // version of Seawall
	// Language is that of the texts for people, as a BCP 47 tag; "" for English.
	Language string    `json:"language,omitempty"`
	TakenAt  time.Time `json:"takenAt"`
	Profile  string    `json:"profile"`
	// Rules are the ids of the rules that were asked.
	Rules []string `json:"rules"`
	// Shown is what a display filter left in Results; nil: all.
	Shown    *Filter  `json:"shown,omitempty"`
	Host     Host     `json:"host"`
	Engines  []Engine `json:"engines"`
	Coverage Coverage `json:"coverage"`
	Gaps     []Gap    `json:"gaps"`
	// Warnings are remarks on the waivers: expired, or matching nothing.
	Warnings []string `json:"warnings"`
	// Compliance is what became of a benchmark's recommendations, where the
	// profile is one's.
	Compliance *compliance.Table `json:"compliance,omitempty"`
	// Attack is how an attack could begin; nil where it was not worked out.
	Attack *Attack `json:"attack,omitempty"`
	// Baseline is the comparison with an earlier report, where one was given.
	Baseline *Baseline     `json:"baseline,omitempty"`
	Results  []rule.Result `json:"results"`

	// Snapshot is what was judged, and Paths all of how an attack could go, for formats
	// that show them; nil where they were not asked for.
	Snapshot *snapshot.Snapshot `json:"-"`
	Paths    *Paths             `json:"-"`
	// Updates is how up to date the host is, and Reach who reaches what. Of the cells of the
	// latter there are ReachSize: if they are too many to show, Reach is nil.
	Updates   *Updates `json:"-"`
	Reach     *Reach   `json:"-"`
	ReachSize int      `json:"-"`
}

// Host names the machine that was looked at.
type Host struct {
	Name   string `json:"name"`
	OS     string `json:"os,omitempty"`
	Kernel string `json:"kernel,omitempty"`
}

// Engine is one engine that was found.
type Engine struct {
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Version string `json:"version,omitempty"`
	FoundBy string `json:"foundBy,omitempty"`
	// Declared: it stands for what files declare, and is no engine.
	Declared   bool  `json:"declared,omitempty"`
	Local      bool  `json:"local"`
	Rootless   *bool `json:"rootless,omitempty"` // absent: not known
	Containers int   `json:"containers"`
	// Images are how many images files declare, or were asked for by name.
	Images int `json:"images,omitempty"`
	// Auditor is the container that Seawall ran in; "" if it ran in none of this
	// engine's. It is judged like the others.
	Auditor string `json:"auditor,omitempty"`
	// Gap says why the engine could not be read.
	Gap *snapshot.Gap `json:"gap,omitempty"`
}

// Coverage says how much was judged.
type Coverage struct {
	Rules    int               `json:"rules"`
	Subjects map[rule.Kind]int `json:"subjects"`
	Results  Counts            `json:"results"`
	// Findings counts the failing results that nobody accepted, by severity.
	Findings map[string]int `json:"findings"`
}

// Counts are results by verdict; waived findings count only as waived.
type Counts struct {
	Pass          int `json:"pass"`
	Fail          int `json:"fail"`
	Unknown       int `json:"unknown"`
	NotApplicable int `json:"notApplicable"`
	Waived        int `json:"waived"`
}

// Gap is one reason why results are unknown.
type Gap struct {
	snapshot.Gap
	// Results is how many results it left open; Rules are their rules.
	Results int      `json:"results"`
	Rules   []string `json:"rules"`
}

// Build sums up an audit. The results are all results of the rules, before any
// display filter (see [Filter]).
func Build(tool, profile string, s *snapshot.Snapshot, rules []*rule.Rule, results []rule.Result, warnings []string) *Report {
	r := &Report{
		Format: Format, Tool: tool, Language: spoken(), TakenAt: s.TakenAt, Profile: profile,
		Host:     summarizeHost(&s.Host),
		Engines:  make([]Engine, 0, len(s.Engines)),
		Rules:    make([]string, 0, len(rules)),
		Coverage: cover(rules, results),
		Gaps:     collectGaps(results),
		Warnings: append([]string{}, warnings...),
		Results:  results,
	}
	for _, asked := range rules {
		r.Rules = append(r.Rules, asked.ID)
	}
	for i := range s.Engines {
		r.Engines = append(r.Engines, summarizeEngine(s, &s.Engines[i]))
	}
	return r
}

// spoken is the language of a report that is made now; "" for English.
func spoken() string {
	if tag := lang.Tag(); tag != lang.English {
		return tag
	}
	return ""
}

// declared reports whether the audit is of what files declare.
func (r *Report) declared() bool { return len(r.Engines) > 0 && r.Engines[0].Declared }

func summarizeHost(h *snapshot.Host) Host {
	name, _ := h.Name.Peek()
	os, _ := h.OS.Peek()
	kernel, _ := h.Kernel.Peek()
	return Host{Name: name, OS: os.Name, Kernel: kernel}
}

func summarizeEngine(s *snapshot.Snapshot, e *snapshot.Engine) Engine {
	version, _ := e.Version.Peek()
	containers, _ := e.Containers.Peek()
	out := Engine{Name: e.Name, Kind: e.Kind, Version: version, FoundBy: e.FoundBy, Local: e.Local, Containers: len(containers)}
	for i := range containers {
		if containers[i].Auditor {
			out.Auditor = containers[i].Name
		}
	}
	if rootless, ok := e.Settings.Rootless.Peek(); ok {
		out.Rootless = &rootless
	}
	if out.Declared = s.Declared; s.Declared {
		images, _ := e.Images.Peek()
		out.Images = len(images)
	}
	if _, ok := e.API.Peek(); !ok && (!s.Declared || e.API.Gap().Reason == snapshot.ReasonFailed) {
		gap := e.API.Gap()
		out.Gap = &gap
	}
	return out
}

// counted are the findings that count, by severity: all, or those that the
// baseline does not hold already.
func (r *Report) counted() map[string]int {
	if r.Baseline != nil {
		return r.Baseline.Findings
	}
	return r.Coverage.Findings
}

// Worst is the highest severity among the findings that count; 0 if there are
// none.
func (r *Report) Worst() rule.Severity {
	for _, s := range rule.Severities() {
		if r.counted()[s.String()] > 0 {
			return s
		}
	}
	return 0
}

// Partial reports whether something could not be looked at.
func (r *Report) Partial() bool { return r.Coverage.Results.Unknown > 0 }
