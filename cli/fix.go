package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/pflag"

	"seawall/currency"
	"seawall/fix"
	"seawall/lang"
	"seawall/report"
	"seawall/rule"
	"seawall/source/composefile"
	"seawall/source/declared"
)

// fixFlag is --fix: which changes are written into Compose files.
type fixFlag string

const (
	fixSafe fixFlag = "safe"
	fixAll  fixFlag = "all"
)

// Set takes "safe" (which the flag alone means) or "all".
func (f *fixFlag) Set(text string) error {
	switch asked := fixFlag(text); asked {
	case fixSafe, fixAll:
		*f = asked
		return nil
	}
	return lang.Error("want --fix or --fix=all")
}

// Type is shown in help.
func (f *fixFlag) Type() string   { return "changes" }
func (f *fixFlag) String() string { return string(*f) }

func fixFlags(flags *pflag.FlagSet, f *auditFlags) {
	flags.Var(&f.fix, "fix", lang.T("write changes into the Compose files that mend findings: those that cannot break a workload, or 'all'"))
	flags.Lookup("fix").NoOptDefVal = string(fixSafe)
	flags.BoolVar(&f.dryRun, "dry-run", false, lang.T("with --fix: write no file, show the difference"))
}

// checkFix says what does not go together.
func (f *auditFlags) checkFix(args []string) error {
	switch {
	case f.fix == "" && f.dryRun:
		return lang.Error("--dry-run goes with --fix")
	case f.fix == "":
		return nil
	case len(f.images) > 0 || len(args) == 0:
		return lang.Error("--fix changes Compose files: name them, or a directory with one")
	}
	return nil
}

// composed is a Compose project that was read.
type composed struct {
	name            string
	files, included []composefile.File
}

// mended is what --fix makes of the files that are named, and of those that they include.
type mended struct {
	outcomes []*fix.Outcome
	before   [][]composefile.File
	engines  []string // by which the snapshot knows the projects
}

// runFix audits files that --fix changes.
func (a *app) runFix(ctx context.Context, f auditFlags, args []string) error {
	p, err := f.plan(a.quiet)
	if err != nil {
		return usageError{err}
	}
	var stdin []byte // is read twice
	if slices.Contains(args, "-") {
		if stdin, err = io.ReadAll(io.LimitReader(a.Stdin, composefile.MaxSize+1)); err != nil {
			return usageError{lang.Errorf("stdin: %w", err)}
		}
		a.Stdin = bytes.NewReader(stdin)
	}
	read, err := a.input(ctx, args, f)
	if err != nil {
		return err
	}
	a.Stdin = bytes.NewReader(stdin)
	if len(read.compose) == 0 {
		return usageError{lang.Error("--fix changes Compose files, and none is named")}
	}
	p.known = a.known().Data
	m, err := a.mend(ctx, p, read)
	if err != nil {
		return err
	}
	if f.dryRun {
		a.tellFix(m, func(line string) string { return lang.Sprintf("would fix: %s", line) })
		return a.showFix(ctx, f, p, read, m)
	}
	return a.writeFix(ctx, f, p, args, m)
}

// mend finds out what to write.
func (a *app) mend(ctx context.Context, p auditPlan, read taken) (*mended, error) {
	m := &mended{}
	for _, c := range read.compose {
		engine := c.files[0].Name
		out, err := p.mendFiles(ctx, c.files, p.project, engine, read)
		if err != nil {
			return nil, usageError{err}
		}
		first := len(m.outcomes)
		m.add(out, c.files, engine)
		for _, f := range c.included {
			own := composefile.Options{Project: c.name, EnvFiles: p.project.EnvFiles}
			inner, err := p.mendFiles(ctx, []composefile.File{f}, own, engine, read)
			if err != nil {
				a.note("%s: it is not changed: %v", f.Name, err)
				continue
			}
			for _, outer := range m.outcomes[first:] { // what it declares is its own to tell
				outer.Left = slices.DeleteFunc(outer.Left, func(l fix.Left) bool { return slices.Contains(inner.Containers, l.Result.Subject.Name) })
			}
			m.add(inner, []composefile.File{f}, engine)
		}
	}
	return m, nil
}

func (m *mended) add(out *fix.Outcome, before []composefile.File, engine string) {
	m.outcomes = append(m.outcomes, out)
	m.before = append(m.before, before)
	m.engines = append(m.engines, engine)
}

// mendFiles finds out what to write into some files.
func (p auditPlan) mendFiles(ctx context.Context, files []composefile.File, o composefile.Options, engine string, read taken) (*fix.Outcome, error) {
	return fix.Run(ctx, fix.Job{
		Files: files,
		Load: func(ctx context.Context, files []composefile.File) (*composefile.Project, error) {
			return composefile.Load(ctx, files, o)
		},
		Judge: func(c *composefile.Project, rules []*rule.Rule) []rule.Result {
			return p.judgeProject(c, engine, read, rules)
		},
		Rule:   p.book.Lookup,
		Wanted: p.filter.Shows,
		Risky:  p.fix == fixAll,
	})
}

// judgeProject judges a project as it is judged among the others.
func (p auditPlan) judgeProject(c *composefile.Project, engine string, read taken, rules []*rule.Rule) []rule.Result {
	project := declared.Project{Name: engine, Containers: c.Containers, Networks: c.Networks, Volumes: c.Volumes, Daemon: read.daemon}
	declared.Built(&project, c.Builds)
	s := declared.Snapshot([]declared.Project{project}, Version, read.TakenAt)
	waivers := slices.Clone(p.waivers)
	for _, w := range c.Waivers {
		// Its form was checked when the files were read.
		if waiver, err := (fileWaiver{w, engine}).waiver(p.book); err == nil {
			waivers = append(waivers, waiver)
		}
	}
	if rules == nil {
		rules = p.asked(s)
	}
	results := rule.EvaluateWith(s, rules, rule.World{Currency: func() *currency.Report { return currency.Judge(s, p.known) }})
	waivers.Apply(results, s.TakenAt)
	return results
}

// tellFix says what is changed, and what is not and why.
func (a *app) tellFix(m *mended, changed func(line string) string) {
	if a.quiet {
		return
	}
	for _, out := range m.outcomes {
		for _, line := range grouped(out.Done, func(d fix.Done) (string, string) {
			text := lang.Semicolon(d.Words)
			if !d.Safe {
				text = lang.Sprintf("%s. May break: %s", text, d.Breaks)
			}
			return d.Result.Rule, text
		}, func(d fix.Done) string { return d.Result.Subject.Name }) {
			fmt.Fprintln(a.Stderr, changed(line))
		}
		for _, line := range grouped(out.Left, func(l fix.Left) (string, string) {
			if l.Risky {
				return l.Result.Rule, lang.Sprintf("only with --fix=all. May break: %s", l.Why)
			}
			return l.Result.Rule, l.Why
		}, func(l fix.Left) string { return l.Result.Subject.Name }) {
			fmt.Fprintln(a.Stderr, lang.Sprintf("left: %s", line))
		}
	}
}

// grouped are lines "RULE: SUBJECTS: TEXT", one for those of the same rule and text.
func grouped[T any](list []T, of func(T) (id, text string), subject func(T) string) []string {
	type group struct{ id, text string }
	subjects := map[group][]string{}
	var order []group
	for _, x := range list {
		id, text := of(x)
		g := group{id, text}
		if subjects[g] == nil {
			order = append(order, g)
		}
		subjects[g] = append(subjects[g], subject(x))
	}
	out := make([]string, len(order))
	for i, g := range order {
		out[i] = oneLine(g.id + ": " + lang.Comma(subjects[g]) + ": " + g.text)
	}
	return out
}

// showFix shows what --fix would write: as a difference, or in the report where that is
// asked for in another format than text.
func (a *app) showFix(ctx context.Context, f auditFlags, p auditPlan, read taken, m *mended) error {
	if f.format == "text" {
		if err := a.writeDirect("", func(w io.Writer) error { return m.diff(w) }); err != nil {
			return usageError{err}
		}
		p.outputs = slices.DeleteFunc(p.outputs, func(o output) bool { return o.path == "" })
	}
	return a.report(ctx, f, p, read, m.patch)
}

// diff writes the difference that the changes make.
func (m *mended) diff(w io.Writer) error {
	for i, out := range m.outcomes {
		for j, after := range out.Files {
			before := m.before[i][j]
			if _, err := w.Write(diff.Diff(before.Name, before.Content, after.Name, after.Content)); err != nil {
				return err
			}
		}
	}
	return nil
}

// patch adds to the findings of a report what mends them.
func (m *mended) patch(r *report.Report) {
	type finding struct{ rule, engine, subject string }
	patches := map[finding]*rule.Patch{}
	for i, out := range m.outcomes {
		for _, d := range out.Done {
			if len(d.Changes) > 0 {
				patches[finding{d.Result.Rule, m.engines[i], d.Result.Subject.Name}] = &rule.Patch{Safe: d.Safe, Edits: d.Words, Changes: d.Changes}
			}
		}
	}
	for i := range r.Results {
		x := &r.Results[i]
		if x.Finding() {
			x.Patch = patches[finding{x.Rule, x.Subject.Engine, x.Subject.Name}]
		}
	}
}

// writeFix writes the files and audits them anew. Of standard input the file is the
// result.
func (a *app) writeFix(ctx context.Context, f auditFlags, p auditPlan, args []string, m *mended) error {
	writes, piped, err := m.writes(f.project.Dir)
	if err == nil {
		err = rewriteAll(writes)
	}
	if err != nil {
		return usageError{err}
	}
	a.tellFix(m, func(line string) string { return lang.Sprintf("fixed: %s", line) })
	if piped != nil {
		if err := a.writeDirect("", func(w io.Writer) error { _, err := w.Write(piped); return err }); err != nil {
			return usageError{err}
		}
		a.Stdin = bytes.NewReader(piped)
		p.outputs = slices.DeleteFunc(p.outputs, func(o output) bool { return o.path == "" })
	}
	read, err := a.input(ctx, args, f)
	if err != nil {
		return takeBack(writes, err)
	}
	return a.report(ctx, f, p, read, nil)
}

// writes are the files that change; piped is what standard input becomes, nil if it is
// none of them. Dir is the directory of the projects; empty: that of each first file.
func (m *mended) writes(dir string) (list []rewrite, piped []byte, err error) {
	for i, out := range m.outcomes {
		below := cmp.Or(dir, filepath.Dir(m.before[i][0].Name))
		for j, after := range out.Files {
			before := m.before[i][j]
			switch {
			case before.Name == composefile.Stdin:
				piped = after.Content
			case bytes.Equal(before.Content, after.Content):
			case !slices.ContainsFunc(list, func(r rewrite) bool { return r.name == before.Name }):
				list = append(list, rewrite{before.Name, below, before.Content, after.Content})
			case !slices.ContainsFunc(list, func(r rewrite) bool { return r.name == before.Name && bytes.Equal(r.after, after.Content) }):
				return nil, nil, lang.Errorf("%s: two of the projects would change it, each in its way: name one", before.Name)
			}
		}
	}
	return list, piped, nil
}

// takeBack gives files the content that they had.
func takeBack(writes []rewrite, because error) error {
	for i := range writes {
		writes[i].before, writes[i].after = writes[i].after, writes[i].before
	}
	if err := rewriteAll(writes); err != nil {
		return usageError{errors.Join(because, err)}
	}
	return usageError{lang.Errorf("the files were changed and would not load any more; they are as before: %w", because)}
}
