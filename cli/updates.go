package cli

import (
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"seawall/currency"
	"seawall/lang"
	"seawall/report"
)

// updatesFlags are what `seawall updates` was asked for.
type updatesFlags struct {
	format, output  string
	strict, verbose bool
}

func (a *app) updates() *cobra.Command {
	var f updatesFlags
	cmd := &cobra.Command{
		Use:   "updates [SNAPSHOT]",
		Short: lang.T("Say whether engine, runtime, clients and kernel are up to date"),
		Long: strings.TrimSpace(lang.T(`
Say for the engine, the BuildKit in it, containerd, runc, the CLI, Compose, buildx
and the kernel which version runs, who built it, whether that is still maintained,
and which advisories are open. The word of who built it decides: a distribution
mends flaws without a new version number, so for its packages the ranges of the
upstream releases are a remark only. What is not known is said to be not known.

Then what waits: newer packages in the package manager's lists, processes that run
files which were replaced, a restart of the host.

Nothing is fetched and nothing runs: databases of packages are read, and the
advisories are those that this Seawall was built with, or newer ones that 'data update'
fetched. A SNAPSHOT is one saved with
'snapshot'; '-' reads it from stdin.

Exit codes: 0 done; 2 wrong usage or bad input; 3 could not look at all; 4 not
everything could be told, with --strict.`)),
		Example: "  " + a.name() + " updates\n  " + a.name() + " updates --verbose\n  " + a.name() + " snapshot -o host.json\n  " + a.name() + " updates host.json",
		Args:    maximumArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return a.runUpdates(cmd.Context(), f, args) },
	}
	flags := cmd.Flags()
	a.connection.flags(flags)
	flags.StringVarP(&f.format, "format", "f", "text", lang.T("text or json"))
	flags.StringVarP(&f.output, "output", "o", "", lang.T("write the answer to this file"))
	flags.BoolVar(&f.strict, "strict", false, lang.T("exit with 4 if something could not be told"))
	flags.BoolVarP(&f.verbose, "verbose", "v", false, lang.T("show every advisory, with the facts that decided"))
	return cmd
}

func (a *app) runUpdates(ctx context.Context, f updatesFlags, args []string) error {
	if f.format != "text" && f.format != "json" {
		return usageError{lang.Errorf("unknown format %q: want text or json", f.format)}
	}
	var snap taken
	var err error
	if len(args) > 0 {
		snap, err = a.load(args[0])
	} else {
		snap, err = a.collect(ctx, scope{lists: true})
	}
	if err != nil {
		return err
	}
	data := a.known().Data
	u := report.BuildUpdates(Version, snap.Snapshot, data, currency.Judge(snap.Snapshot, data))
	if err := a.write(f.output, func(w io.Writer, style report.Style) error {
		if f.format == "json" {
			return report.UpdatesJSON(w, u)
		}
		style.Verbose = f.verbose
		return report.UpdatesText(w, u, style)
	}); err != nil {
		return err
	}
	if f.strict && u.Partial() {
		return exitCode(exitPartial)
	}
	return nil
}
