package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"seawall/reach/matrix"
	"seawall/report"
	"seawall/rule"
	"seawall/snapshot"
)

// diffFlags are what `seawall diff` was asked for.
type diffFlags struct {
	audit             auditFlags // how snapshots are judged
	format, output    string
	exitZero, verbose bool
}

func (a *app) diff() *cobra.Command {
	var f diffFlags
	cmd := &cobra.Command{
		Use:   "diff BEFORE AFTER",
		Short: "Say what changed between two saved audits",
		Long: `Say what changed from one audit to another: what is new, what became worse or
better, what is gone. Each file is a report saved with 'audit --format json -o
FILE', or a snapshot, which is judged first. What the second could not check is
not called gone.

Exit codes: 0 nothing new or worse at or above --fail-on; 1 there is; 2 wrong
usage or bad input.`,
		Example: "  " + a.name() + " diff monday.json tuesday.json",
		Args:    cobra.ExactArgs(2),
		RunE:    func(_ *cobra.Command, args []string) error { return a.runDiff(f, args[0], args[1]) },
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.format, "format", "f", "text", "text or json")
	flags.StringVarP(&f.output, "output", "o", "", "write the difference to this file")
	flags.StringVar(&f.audit.failOn, "fail-on", "high", "exit with 1 for new findings of this severity and above, or none")
	flags.StringVar(&f.audit.profile, "profile", rule.DefaultProfile, "judge snapshots by a selection of rules: "+profileNames())
	rulesFilesFlag(flags, &f.audit.rulesFiles)
	flags.StringArrayVar(&f.audit.waivers, "waivers", nil, "file of accepted findings, for snapshots (repeatable)")
	flags.BoolVar(&f.exitZero, "exit-zero", false, "exit with 0 whatever was found")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "show every finding by itself, with what was found")
	return cmd
}

func (a *app) runDiff(f diffFlags, before, after string) error {
	f.audit.format = "text"
	plan, err := f.audit.plan(false)
	if err == nil && f.format != "text" && f.format != "json" {
		err = fmt.Errorf("unknown format %q: want text or json", f.format)
	}
	if err != nil {
		return usageError{err}
	}
	plan.known = a.known().Data
	was, err := plan.saved(before)
	if err != nil {
		return usageError{fmt.Errorf("%s: %w", before, err)}
	}
	now, err := plan.saved(after)
	if err != nil {
		return usageError{fmt.Errorf("%s: %w", after, err)}
	}
	d := report.NewDiff(was, now)
	if err := a.write(f.output, func(w io.Writer, style report.Style) error {
		if f.format == "json" {
			return report.DiffJSON(w, d)
		}
		style.Verbose = f.verbose
		return report.DiffText(w, d, style)
	}); err != nil {
		return err
	}
	if !f.exitZero && plan.threshold != 0 && d.Worst() >= plan.threshold {
		return exitCode(exitFindings)
	}
	return nil
}

// saved reads a report, or a snapshot and judges it.
func (p auditPlan) saved(name string) (*report.Report, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		var path *os.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return nil, fmt.Errorf("cannot read it: %w", err)
	}
	var head struct {
		Format string `json:"format"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("neither a report nor a snapshot: %w", err)
	}
	switch head.Format {
	case report.Format:
		return report.Decode(bytes.NewReader(data))
	case snapshot.Format:
		s, err := snapshot.Decode(bytes.NewReader(data))
		if err != nil {
			return nil, err
		}
		return p.judge(s, func() *matrix.Matrix { return matrix.NewPlan(s, matrix.ForRules).Matrix() }), nil
	}
	return nil, fmt.Errorf("format is %q, this version reads %q and %q", head.Format, report.Format, snapshot.Format)
}
