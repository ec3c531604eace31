package cli

import (
	"context"
	"io"
	"slices"

	"seawall/drift"
	"seawall/lang"
	"seawall/report"
	"seawall/snapshot"
	"seawall/source/composefile"
)

// runDrift compares what Compose files declare with what runs, or did when a snapshot was
// taken that is named last.
func (a *app) runDrift(ctx context.Context, f diffFlags, args []string) error {
	if f.format != "text" && f.format != "json" {
		return usageError{lang.Errorf("unknown format %q: want text or json", f.format)}
	}
	var saved []string
	if last := args[len(args)-1]; len(args) > 1 && !declares(last) {
		saved, args = []string{last}, args[:len(args)-1]
	}
	projects, err := a.projects(ctx, f, args)
	if err != nil {
		return err
	}
	now, err := a.running(ctx, saved)
	if err != nil {
		return err
	}
	d := &report.Drift{Tool: Version, TakenAt: now.TakenAt}
	for _, p := range projects {
		e, err := engineOf(now.Snapshot, p.Report.Project)
		if err != nil {
			return err
		}
		p.Report = drift.Compare(p.declared, e)
		d.Projects = append(d.Projects, p.DriftProject)
	}
	if err := a.write(f.output, func(w io.Writer, style report.Style) error {
		if f.format == "json" {
			return report.DriftJSON(w, d)
		}
		style.Verbose = f.verbose
		return report.DriftText(w, d, style)
	}); err != nil {
		return err
	}
	if d.Found() && !f.exitZero {
		return exitCode(exitFindings)
	}
	return nil
}

// declaredProject is a project that is to be compared.
type declaredProject struct {
	report.DriftProject
	declared drift.Declared
}

// projects are those of the files and directories that are named.
func (a *app) projects(ctx context.Context, f diffFlags, args []string) ([]declaredProject, error) {
	var sets [][]composefile.File
	var named []composefile.File
	for _, name := range args {
		switch {
		case !isYAML(name) && !isDirectory(name):
			return nil, usageError{lang.Errorf("%s: not a Compose file (.yaml, .yml) or a directory with one", name)}
		case isDirectory(name):
			files, err := a.composeFiles(name)
			if err != nil {
				return nil, usageError{shortPath(name, err)}
			}
			sets = append(sets, files)
		default:
			file, err := composefile.ReadFile(name, nil)
			if err != nil {
				return nil, usageError{err}
			}
			named = append(named, file)
		}
	}
	if len(named) > 0 {
		sets = slices.Insert(sets, 0, named)
	}
	var out []declaredProject
	for _, files := range sets {
		p, err := composefile.Load(ctx, files, f.project)
		if err != nil {
			return nil, usageError{err}
		}
		for _, w := range p.Warnings {
			a.note("%s: Compose would refuse this", w)
		}
		out = append(out, declaredProject{report.DriftProject{Name: files[0].Name, Report: &drift.Report{Project: p.Name}}, drift.Declare(p.Name, p.Dir, p.Containers, p.Placed)})
	}
	return out, nil
}

// running is what runs now, or in a snapshot.
func (a *app) running(ctx context.Context, saved []string) (taken, error) {
	if len(saved) > 0 {
		return a.load(saved[0])
	}
	return a.collect(ctx, scope{})
}

// engineOf is the engine that has containers of a project, or else the first whose
// containers could be read.
func engineOf(s *snapshot.Snapshot, project string) (*snapshot.Engine, error) {
	var first *snapshot.Engine
	for i := range s.Engines {
		e := &s.Engines[i]
		list, known := e.Containers.Peek()
		if !known {
			continue
		}
		if slices.ContainsFunc(list, func(c snapshot.Container) bool { return c.Project == project }) {
			return e, nil
		}
		if first == nil {
			first = e
		}
	}
	if first != nil {
		return first, nil
	}
	if len(s.Engines) > 0 {
		return nil, lookError{lang.Errorf("%s: its containers could not be read: %s", s.Engines[0].Name, lang.Reword(s.Engines[0].Containers.Gap().Detail))}
	}
	return nil, lookError{lang.Error("the snapshot has no engine")}
}
