package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"seawall/lang"
	"seawall/reach/matrix"
	"seawall/report"
	"seawall/rule"
	"seawall/snapshot"
	"seawall/source/composefile"
)

// diffFlags are what `seawall diff` was asked for.
type diffFlags struct {
	audit             auditFlags // how snapshots are judged
	format, output    string
	exitZero, verbose bool
	project           composefile.Options // of what is declared
}

func (a *app) diff() *cobra.Command {
	var f diffFlags
	cmd := &cobra.Command{
		Use:   "diff {BEFORE AFTER | COMPOSE-FILE... [SNAPSHOT] | DIRECTORY...}",
		Short: lang.T("Say what changed between two audits, or between a Compose file and what runs"),
		Long: lang.T(`Say what changed from one audit to another: what is new, what became worse or
better, what is gone. Each file is a report saved with 'audit --format json -o
FILE', or a snapshot, which is judged first. What the second could not check is
not called gone.

Of Compose files it says what runs differently from what they declare: services
that were changed by hand, that have no container, and containers that no file
declares, on the engines of this machine (or of --host or --context), or in a
snapshot that is named last. Containers are found by Compose's labels. What only
the image, the engine or a variable decides is no difference.

Exit codes: 0 nothing new or worse at or above --fail-on, or all runs as it is
declared; 1 there is a difference; 2 wrong usage or bad input; 3 could not look.`),
		Example: "  " + a.name() + " diff monday.json tuesday.json\n  " + a.name() + " diff compose.yaml",
		Args:    minimumArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if declares(args[0]) {
				return a.runDrift(cmd.Context(), f, args)
			}
			if err := exactArgs(2)(cmd, args); err != nil {
				return err
			}
			return a.runDiff(f, args[0], args[1])
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.format, "format", "f", "text", lang.T("text or json"))
	flags.StringVarP(&f.output, "output", "o", "", lang.T("write the difference to this file"))
	flags.StringVar(&f.audit.failOn, "fail-on", "high", lang.T("exit with 1 for new findings of this severity and above, or none"))
	flags.StringVar(&f.audit.profile, "profile", rule.DefaultProfile, lang.Sprintf("judge snapshots by a selection of rules: %s", profileNames()))
	rulesFilesFlag(flags, &f.audit.rulesFiles)
	flags.StringArrayVar(&f.audit.waivers, "waivers", nil, lang.T("file of accepted findings, for snapshots (repeatable)"))
	flags.BoolVar(&f.exitZero, "exit-zero", false, lang.T("exit with 0 whatever was found"))
	flags.BoolVarP(&f.verbose, "verbose", "v", false, lang.T("show every finding by itself, with what was found"))
	a.connection.flags(flags)
	projectFlags(flags, &f.project)
	return cmd
}

func (a *app) runDiff(f diffFlags, before, after string) error {
	f.audit.format = "text"
	plan, err := f.audit.plan(false)
	if err == nil && f.format != "text" && f.format != "json" {
		err = lang.Errorf("unknown format %q: want text or json", f.format)
	}
	if err != nil {
		return usageError{err}
	}
	plan.known = a.known().Data
	was, _, err := plan.saved(before)
	if err != nil {
		return usageError{fmt.Errorf("%s: %w", before, err)}
	}
	now, _, err := plan.saved(after)
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

// saved reads a report, or a snapshot and judges it; of a report the snapshot is nil.
func (p auditPlan) saved(name string) (*report.Report, *snapshot.Snapshot, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		var path *os.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return nil, nil, lang.Errorf("cannot read it: %w", err)
	}
	var head struct {
		Format string `json:"format"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, nil, lang.Errorf("neither a report nor a snapshot: %w", err)
	}
	switch head.Format {
	case report.Format:
		r, err := report.Decode(bytes.NewReader(data))
		return r, nil, err
	case snapshot.Format:
		s, err := snapshot.Decode(bytes.NewReader(data))
		if err != nil {
			return nil, nil, err
		}
		return p.judge(s, func() *matrix.Matrix { return matrix.NewPlan(s, matrix.ForRules).Matrix() }), s, nil
	}
	return nil, nil, lang.Errorf("format is %q, this version reads %q and %q", head.Format, report.Format, snapshot.Format)
}
