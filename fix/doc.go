// Package fix writes into Compose files what rules say against their findings.
//
// What a change is, a rule says ([rule.Edits]). Nothing is taken on trust: after each
// change the files are loaded and judged again. A change is kept if the finding is gone,
// nothing as bad as it is found that was not before, no other service says anything else,
// and of the service only what the rule names.
package fix

import (
	"context"

	"seawall/composeedit"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
	"seawall/source/composefile"
)

// Job is what to do.
type Job struct {
	// Files are those of one project, of which later ones override earlier ones.
	Files []composefile.File
	// Load reads files as the audit does.
	Load func(context.Context, []composefile.File) (*composefile.Project, error)
	// Judge are the results of rules, with what is waived; nil rules: all that are asked.
	Judge func(*composefile.Project, []*rule.Rule) []rule.Result
	// Rule finds a rule by its id.
	Rule func(id string) (*rule.Rule, error)
	// Wanted reports whether a finding is to be mended; nil: all are.
	Wanted func(*rule.Result) bool
	// Risky: changes that might break a workload are made, too.
	Risky bool
}

// Outcome is what was done. The files on disk are as they were.
type Outcome struct {
	// Files are the files as they would be.
	Files []composefile.File
	// Containers are those that the files declare.
	Containers []string
	// Done are the findings that were mended, and Left those that were not.
	Done []Done
	Left []Left
}

// Changed reports whether any file would change.
func (o *Outcome) Changed() bool { return len(o.Done) > 0 }

// Done is a finding that was mended.
type Done struct {
	Result rule.Result
	Safe   bool
	Breaks string   // what may stop working
	Words  []string // what was changed
	// Changes are those of the files as they were, of this finding alone. None: it takes
	// what other changes make first.
	Changes []rule.TextChange
}

// Left is a finding that was not mended.
type Left struct {
	Result rule.Result
	Why    string
	// Risky: the change was not asked for, as it might break something.
	Risky bool
}

// maxPasses bounds how often the files are judged anew: what one change uncovers is
// mended in the next pass.
const maxPasses = 10

// Run finds out what to write.
func Run(ctx context.Context, j Job) (*Outcome, error) {
	r := &run{Job: j, refused: map[string]string{}}
	now, err := r.look(ctx, j.Files)
	if err != nil {
		return nil, err
	}
	first := now
	var done []unit
	for pass := range maxPasses {
		units := r.units(now)
		if units, err = r.blame(ctx, now, units); err != nil {
			return nil, err
		}
		if err := describe(now.files, units); err != nil {
			return nil, err
		}
		if len(units) == 0 {
			break
		}
		var kept []unit
		if now, kept, err = r.settle(ctx, now, units); err != nil {
			return nil, err
		}
		for i := range kept {
			kept[i].first = pass == 0
		}
		done = append(done, kept...)
	}
	out := &Outcome{Files: now.files, Left: r.left(now)}
	for _, c := range now.project.Containers {
		out.Containers = append(out.Containers, c.Name)
	}
	if out.Done, err = r.done(first, done); err != nil {
		return nil, err
	}
	return out, nil
}

// state are files, and what is declared and found in them.
type state struct {
	files      []composefile.File
	project    *composefile.Project
	results    []rule.Result
	containers map[string]*snapshot.Container // by service
}

func (r *run) look(ctx context.Context, files []composefile.File) (*state, error) {
	s, err := r.load(ctx, files)
	if err != nil {
		return nil, err
	}
	s.results = r.Judge(s.project, nil)
	return s, nil
}

func (r *run) load(ctx context.Context, files []composefile.File) (*state, error) {
	p, err := r.Load(ctx, files)
	if err != nil {
		return nil, err
	}
	s := &state{files: files, project: p, containers: map[string]*snapshot.Container{}}
	for i := range p.Containers {
		s.containers[p.Containers[i].Service] = &p.Containers[i]
	}
	return s, nil
}

// run is the state of one Run.
type run struct {
	Job
	refused map[string]string // why a finding cannot be mended, by its key
}

// unit is a finding that may be mended.
type unit struct {
	rule   *rule.Rule
	result rule.Result
	safe   bool
	// atFault are the elements that were found at fault, by part and identity; nil: the
	// edits say themselves which are.
	atFault map[string]bool
	first   bool     // it was there from the beginning
	words   []string // what is changed
}

func (u *unit) service() string { return u.result.Subject.Service }

// key names a finding in its project.
func key(x *rule.Result) string { return x.Rule + " " + string(x.Subject.Kind) + " " + x.Subject.Name }

// units are the findings to mend.
func (r *run) units(s *state) []unit {
	var out []unit
	for i := range s.results {
		x := &s.results[i]
		if u, why := r.unit(s, x); why == "" {
			out = append(out, u)
		}
	}
	return out
}

// unit is a result as a finding to mend, or why it is not.
func (r *run) unit(s *state, x *rule.Result) (unit, string) {
	if !x.Finding() {
		return unit{}, lang.T("it is none")
	}
	if r.Wanted != nil && !r.Wanted(x) {
		return unit{}, lang.T("it is not asked for")
	}
	if why, has := r.refused[key(x)]; has {
		return unit{}, why
	}
	of, err := r.Rule(x.Rule)
	c := s.containers[x.Subject.Service]
	if err != nil || x.Subject.Kind != rule.KindContainer || c == nil || c.Name != x.Subject.Name {
		return unit{}, lang.T("only services of Compose files are changed")
	}
	edits := of.Fix.Edits
	switch {
	case edits.Not != "":
		return unit{}, lang.T(edits.Not)
	case len(edits.Do) == 0:
		return unit{}, lang.T("the rule names no change of a Compose file")
	}
	u := unit{rule: of, result: *x, safe: edits.Safe != nil && edits.Safe(c)}
	if !u.safe && !r.Risky {
		return u, mightBreak
	}
	return u, ""
}

const mightBreak = "it might break something"

// left are the findings that are still there.
func (r *run) left(s *state) []Left {
	var out []Left
	for i := range s.results {
		x := &s.results[i]
		if !x.Finding() || r.Wanted != nil && !r.Wanted(x) {
			continue
		}
		u, why := r.unit(s, x)
		l := Left{Result: *x, Why: why}
		if why == mightBreak {
			l.Risky, l.Why = true, u.rule.Fix.Breaks
		}
		if why == "" {
			l.Why = lang.Sprintf("not after %d passes", maxPasses)
		}
		out = append(out, l)
	}
	return out
}

// done tells of each finding that was mended what was changed.
func (r *run) done(first *state, units []unit) ([]Done, error) {
	files, err := composeedit.Read(first.files)
	if err != nil {
		return nil, err
	}
	out := make([]Done, 0, len(units))
	for i := range units {
		u := &units[i]
		d := Done{Result: u.result, Safe: u.safe, Breaks: u.rule.Fix.Breaks, Words: u.words}
		if u.first {
			d.Changes = alone(files, first.files, u)
		}
		out = append(out, d)
	}
	return out, nil
}

// alone are the changes of one finding; none if they build on each other.
func alone(f *composeedit.Files, files []composefile.File, u *unit) []rule.TextChange {
	defer f.Reset()
	for _, step := range u.steps() {
		if step(f) != nil {
			return nil
		}
	}
	var out []rule.TextChange
	for _, c := range f.Changes() {
		t := rule.TextChange{File: files[c.File].Name, Text: c.Text}
		t.StartLine, t.StartColumn = f.Position(c.File, c.Start)
		t.EndLine, t.EndColumn = f.Position(c.File, c.End)
		out = append(out, t)
	}
	return out
}
