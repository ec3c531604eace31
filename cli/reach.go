package cli

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"seawall/lang"
	"seawall/near"
	"seawall/reach/matrix"
	"seawall/report"
	"seawall/rule"
)

// reachFlags are what `seawall reach` was asked for.
type reachFlags struct {
	format, output, from, to string
	probe, strict, verbose   bool
}

func (a *app) reach() *cobra.Command {
	var f reachFlags
	cmd := &cobra.Command{
		Use:   "reach [SNAPSHOT]",
		Short: lang.T("Say who can open a connection to the API, published ports and containers"),
		Long: strings.TrimSpace(lang.T(`
Say who can open a connection to what: from the internet, the networks of this
machine, the machine itself and each container, to the Engine API, to published
ports and to containers. It is worked out from packet filters, routes and
sockets of the machine and of its containers; nothing is sent. With --probe,
connections between containers and the machine are tried as well, and what came
of them stands beside what was predicted. A snapshot is one saved with 'snapshot
--reach'; '-' reads it from stdin.

--from and --to take the name of a container, 'internet', 'host', the name or
prefix of a network, or an address; --to also 'api', a container's port
(web:80), or ADDRESS:PORT. With both, the way is told hop by hop.

Exit codes: 0 done; 2 wrong usage or bad input; 3 could not look at all; 4 not
everything could be read, with --strict.`)),
		Example: "  " + a.name() + " reach\n  " + a.name() + " reach --to api\n  " + a.name() + " reach --from web --to db:5432\n  " + a.name() + " snapshot --reach -o host.json\n  " + a.name() + " reach host.json",
		Args:    maximumArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return a.runReach(cmd.Context(), f, args) },
	}
	flags := cmd.Flags()
	a.connection.flags(flags)
	flags.StringVarP(&f.format, "format", "f", "text", lang.T("text or json"))
	flags.StringVarP(&f.output, "output", "o", "", lang.T("write the answer to this file"))
	flags.StringVar(&f.from, "from", "", lang.T("only from here: a container, internet, host, a network or an address"))
	flags.StringVar(&f.to, "to", "", lang.T("only to there: api, a container or its port (web:80), host, a network or an address"))
	probeFlag(flags, &f.probe)
	flags.BoolVar(&f.strict, "strict", false, lang.T("exit with 4 if something could not be read"))
	flags.BoolVarP(&f.verbose, "verbose", "v", false, lang.T("show every target, container and way by itself, and all that would close one"))
	for flag, values := range map[string][]string{"format": {"text", "json"}, "from": {"internet", "host"}, "to": {"api", "host"}} {
		// The error is that the flag does not exist; a test completes each.
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	}
	return cmd
}

func (a *app) runReach(ctx context.Context, f reachFlags, args []string) error {
	if f.format != "text" && f.format != "json" {
		return usageError{lang.Errorf("unknown format %q: want text or json", f.format)}
	}
	snap, err := a.reachInput(ctx, f, args)
	if err != nil {
		return err
	}
	m, err := f.narrow(snap.matrix(matrix.Everything))
	if err != nil {
		return usageError{err}
	}
	r := report.BuildReach(Version, snap.Snapshot, m, f.from, f.to, f.verbose)
	if err := a.write(f.output, func(w io.Writer, style report.Style) error {
		if f.format == "json" {
			return report.ReachJSON(w, r)
		}
		style.Verbose = f.verbose
		return report.ReachText(w, r, style)
	}); err != nil {
		return err
	}
	if f.strict && r.Partial() {
		return exitCode(exitPartial)
	}
	return nil
}

// reachInput is the snapshot to answer from: a saved one, or one taken now.
func (a *app) reachInput(ctx context.Context, f reachFlags, args []string) (taken, error) {
	if len(args) > 0 {
		if f.probe {
			return taken{}, usageError{errProbeSaved}
		}
		s, err := a.load(args[0])
		if err == nil && len(s.Net) == 0 {
			err = lookError{lang.Error("the snapshot holds no networks: save it anew with 'seawall snapshot --reach', on the engine's own machine")}
		}
		return s, err
	}
	s, err := a.collect(ctx, scope{reach: true, probe: f.probe})
	if err == nil && len(s.Net) == 0 {
		err = lookError{lang.Error("the networks of an engine on another machine cannot be read from here: run this there")}
	}
	return s, err
}

// narrow leaves what was asked for by names.
func (f reachFlags) narrow(m *matrix.Matrix) (*matrix.Matrix, error) {
	if f.from == "" && f.to == "" {
		return m, nil
	}
	out := m.Narrow(f.from, f.to)
	if len(out.Sources) == 0 {
		return nil, unknownPlace("source", f.from, m.SourceNames())
	}
	if len(out.Targets) == 0 {
		return nil, unknownPlace("target", f.to, m.TargetNames())
	}
	return out, nil
}

// unknownPlace says that nothing goes by a name, and which does that is near.
func unknownPlace(what, name string, names []string) error {
	names = slices.DeleteFunc(names, func(n string) bool { return n == "" })
	return &rule.UnknownNameError{What: what, Name: name, Near: near.Match(name, names), See: "seawall reach --verbose"}
}
