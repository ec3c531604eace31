package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"seawall/lang"
	"seawall/reach/matrix"
	"seawall/report"
	"seawall/rule"
)

// reportFlags are what `seawall report` was asked for.
type reportFlags struct {
	audit          auditFlags // how snapshots are judged
	format, output string
	verbose        bool
}

// reportFormats are those of `seawall report`.
var reportFormats = []string{"html", "text", "markdown"}

func (a *app) reports() *cobra.Command {
	var f reportFlags
	cmd := &cobra.Command{
		Use:   "report FILE...",
		Short: lang.T("Make a page of saved audits: of one, or of how several went over time"),
		Long: lang.T(`Make a page for a browser, or a text, of audits that were saved: reports of 'audit
--format json -o FILE', or snapshots, which are judged first. Several may be of
different times and of different hosts. They are put into the order of their own
times, whatever the order of the files: findings by severity over time, what
appeared and what went, and each host with what its newest audit found. What a
later audit could not check is not called gone.

A report holds no snapshot. Of a report alone, the page has no containers, no
attack map, no who reaches what and no updates; give the snapshot for these.

Exit codes: 0 done, whatever was found; 2 wrong usage or bad input.`),
		Example: "  " + a.name() + " report report.json -o report.html\n  " + a.name() + " report audits/*.json -o hosts.html\n  " + a.name() + " report --format text monday.json tuesday.json",
		Args:    minimumArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return a.runReport(cmd.Context(), f, args) },
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.format, "format", "f", "html", strings.Join(reportFormats, ", "))
	flags.StringVarP(&f.output, "output", "o", "", lang.T("write it to this file"))
	flags.StringVar(&f.audit.profile, "profile", rule.DefaultProfile, lang.Sprintf("judge snapshots by a selection of rules: %s", profileNames()))
	rulesFilesFlag(flags, &f.audit.rulesFiles)
	flags.StringArrayVar(&f.audit.waivers, "waivers", nil, lang.T("file of accepted findings, for snapshots (repeatable)"))
	flags.BoolVarP(&f.verbose, "verbose", "v", false, lang.T("tell in a text what changed with every audit, not only the newest"))
	// The error is that the flag does not exist; a test completes it.
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(reportFormats, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (a *app) runReport(ctx context.Context, f reportFlags, files []string) error {
	if !slices.Contains(reportFormats, f.format) {
		return usageError{lang.Errorf("unknown format %q: want %s", f.format, strings.Join(reportFormats, ", "))}
	}
	f.audit.format, f.audit.failOn = f.format, "none"
	plan, err := f.audit.plan(false)
	if err != nil {
		return usageError{err}
	}
	plan.known = a.known().Data
	audits, snapshots, err := plan.savedAll(files)
	if err != nil {
		return usageError{err}
	}
	t, err := report.BuildTimeline(audits)
	if err != nil {
		return usageError{twice(err, files)}
	}
	format := plan.outputs[0].format
	for _, r := range audits {
		s := snapshots[r]
		if s.Snapshot == nil {
			continue
		}
		of := plan
		if len(t.Hosts) > 1 || r != t.Newest()[0] { // of others than the newest, nobody shows the whole
			of.outputs = nil
		}
		if err := a.complete(ctx, of, r, s, func() *matrix.Matrix { return s.matrix(matrix.ForRules) }); err != nil {
			return err
		}
	}
	return a.write(f.output, func(w io.Writer, style report.Style) error {
		style.Verbose = f.verbose
		switch {
		case f.format == "html":
			return report.TimelineHTML(w, t, plan.book.Lookup)
		case len(audits) == 1:
			return format.Write(w, audits[0], style, plan.book.Lookup)
		case f.format == "markdown":
			return report.TimelineMarkdown(w, t)
		}
		return report.TimelineText(w, t, style)
	})
}

// savedAll reads audits, with the snapshots of those that were judged now.
func (p auditPlan) savedAll(files []string) ([]*report.Report, map[*report.Report]taken, error) {
	var audits []*report.Report
	snapshots := map[*report.Report]taken{}
	for _, name := range files {
		r, s, err := p.saved(name)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		audits = append(audits, r)
		snapshots[r] = taken{Snapshot: s}
	}
	return audits, snapshots, nil
}

// twice names the files of an audit that was given twice.
func twice(err error, files []string) error {
	var same *report.SameAuditError
	if errors.As(err, &same) {
		return lang.Errorf("%s and %s are audits of one host at the same time: give each audit once", files[same.First], files[same.Second])
	}
	return err
}
