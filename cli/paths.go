package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"seawall/attack"
	"seawall/attack/steps"
	"seawall/lang"
	"seawall/near"
	"seawall/reach/matrix"
	"seawall/report"
	"seawall/rule"
	"seawall/snapshot"
	"seawall/source/composefile"
	"seawall/trial"
)

// cutTime bounds the search for the cheapest cut: what was found by then is told,
// with how far from the cheapest it can be.
const cutTime = 5 * time.Second

// defaultWays is how many different paths are told from each kind of beginning to each
// target.
const defaultWays = 3

// pathsFlags are what `seawall paths` was asked for.
type pathsFlags struct {
	format, output, failOn, baseline, prove string
	from, to, keep, weights, whatIf         []string
	ways                                    int
	project                                 composefile.Options
	probe, strict, verbose                  bool
}

func (a *app) paths() *cobra.Command {
	var f pathsFlags
	cmd := &cobra.Command{
		Use:   "paths [SNAPSHOT|FILE…]",
		Short: lang.T("Say how an attack could go, and which changes end it"),
		Long: strings.TrimSpace(lang.T(`
Say how an attack could begin on this host, by which moves it could go on, what
it could get, and which changes end all of that with the least effort. It is
worked out from the facts of a snapshot; nothing is tried. A path that rests on
facts which could not be read is told apart, with the fact that decides. With
--prove each hop is looked at on the machine without using it, and is then
proven, refuted or not provable; --prove=connect also connects to the sockets of
engines.

Of Compose files, of a directory with some, or with a daemon.json besides, it says
what an intruder in a service would reach. What such files do not tell is assumed,
and the assumptions stand above the answer.

An attack begins on the internet, on a network of this machine, with an account,
or with code that runs in a container; it is for root on the host, control of an
engine, other machines, or credentials. --from and --to name others: an id as the
report shows it (user:alice, container:web, host-root), a name (web) or a shell
pattern; both can be repeated.

Exit codes: 0 no certain path; 1 there is one (or a possible one, with --fail-on
possible); 2 wrong usage or bad input; 3 could not look at all; 4 something
could not be read, with --strict.`)),
		Example: "  " + a.name() + " paths\n  " + a.name() + " paths --from internet --to host-root\n  " + a.name() + " paths --keep 'remove-from-group:*'\n  " + a.name() + " paths --what-if unprivileged:web\n  " + a.name() + " paths host.json\n  " + a.name() + " paths compose.yaml --from container:web",
		RunE:    func(cmd *cobra.Command, args []string) error { return a.runPaths(cmd.Context(), f, args) },
	}
	flags := cmd.Flags()
	a.connection.flags(flags)
	flags.StringVarP(&f.format, "format", "f", "text", strings.Join(report.PathsOutputNames(), ", "))
	flags.StringVarP(&f.output, "output", "o", "", lang.T("write the answer to this file"))
	flags.StringArrayVar(&f.from, "from", nil, lang.T("begin here only: an id, name or pattern"))
	flags.StringArrayVar(&f.to, "to", nil, lang.T("end there only: an id, name or pattern"))
	flags.StringArrayVar(&f.keep, "keep", nil, lang.T("changes that are off the table: an id or pattern"))
	flags.StringArrayVar(&f.weights, "weight", nil, lang.T("what changes cost: PATTERN=NUMBER"))
	flags.StringArrayVar(&f.whatIf, "what-if", nil, lang.T("answer as if these changes were made: an id or pattern"))
	flags.IntVar(&f.ways, "ways", defaultWays, lang.T("how many different paths from each kind of beginning to each target"))
	flags.StringVar(&f.baseline, "baseline", "", lang.T("compare with an earlier answer in JSON, or a snapshot: only new paths count"))
	flags.StringVar(&f.failOn, "fail-on", "certain", lang.T("exit with 1 if there are such paths: certain, possible or none"))
	projectFlags(flags, &f.project)
	probeFlag(flags, &f.probe)
	proveFlag(flags, &f.prove)
	flags.BoolVar(&f.strict, "strict", false, lang.T("exit with 4 if something could not be read"))
	flags.BoolVarP(&f.verbose, "verbose", "v", false, lang.T("show all paths, with all evidence"))
	for flag, values := range map[string][]string{
		"format": report.PathsOutputNames(), "from": {"internet", "container:*", "user:*"}, "to": {"host-root", "engine"}, "fail-on": {"certain", "possible", "none"},
		"prove": {proveObserve, proveConnect},
	} {
		// The error is that the flag does not exist; a test completes each.
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	}
	return cmd
}

func (a *app) runPaths(ctx context.Context, f pathsFlags, args []string) error {
	output, err := report.LookupPathsOutput(f.format)
	if err != nil {
		return usageError{err}
	}
	weigh, err := f.weigh()
	if err != nil {
		return usageError{err}
	}
	if !slices.Contains([]string{"certain", "possible", "none"}, f.failOn) {
		return usageError{lang.Errorf("--fail-on %q: want certain, possible or none", f.failOn)}
	}
	if err := checkProve(f.prove); err != nil {
		return usageError{err}
	}
	snap, err := a.pathsInput(ctx, f, args)
	if err != nil {
		return err
	}
	p, err := f.answer(ctx, snap, weigh)
	if err != nil {
		return err
	}
	if f.baseline != "" {
		was, err := f.earlier(ctx, weigh)
		if err != nil {
			return usageError{lang.Errorf("baseline %s: %w", f.baseline, err)}
		}
		p.CompareWith(was, func(from, to string) bool { return asked(f.from, from) && asked(f.to, to) })
	}
	if err := a.write(f.output, func(w io.Writer, style report.Style) error {
		style.Verbose = f.verbose
		return output.Write(w, p, style)
	}); err != nil {
		return err
	}
	return f.outcome(p)
}

// outcome is the exit code that the paths deserve.
func (f pathsFlags) outcome(p *report.Paths) error {
	found := p.Certain()
	if p.Baseline != nil {
		found = len(p.Baseline.New)
	}
	if f.failOn == "possible" {
		found = len(p.Pairs)
	}
	switch {
	case found > 0 && f.failOn != "none":
		return exitCode(exitFindings)
	case f.strict && p.Partial():
		return exitCode(exitPartial)
	}
	return nil
}

// asked reports whether the id of a state is among those that were asked for, as
// all are where nothing was.
func asked(patterns []string, id string) bool {
	_, name, _ := strings.Cut(id, ":")
	return len(patterns) == 0 || matches(patterns, id) || matches(patterns, name)
}

// earlier are the paths of the baseline: an answer in JSON, or those of a snapshot.
func (f pathsFlags) earlier(ctx context.Context, weigh func(attack.Change) int64) (*report.Paths, error) {
	data, err := os.ReadFile(f.baseline)
	if err != nil {
		return nil, err
	}
	was, err := report.DecodePaths(bytes.NewReader(data))
	if err == nil {
		return was, nil
	}
	s, failed := snapshot.Decode(bytes.NewReader(data))
	if failed != nil {
		return nil, lang.Errorf("neither an answer nor a snapshot: %w", err)
	}
	f.whatIf, f.keep, f.from, f.to = nil, nil, nil, nil
	f.prove = "" // it is of another time
	return f.answer(ctx, taken{Snapshot: s}, weigh)
}

// pathsInput is the snapshot to answer from: a saved one, or one taken now, or what is
// declared on an assumed host.
func (a *app) pathsInput(ctx context.Context, f pathsFlags, args []string) (taken, error) {
	if len(args) == 0 {
		return a.collect(ctx, scope{probe: f.probe, paths: true})
	}
	switch {
	case f.probe:
		return taken{}, usageError{errProbeSaved}
	case f.prove != "":
		return taken{}, usageError{errProveSaved}
	case len(args) == 1 && !declares(args[0]) && (args[0] != "-" || !a.declaresOnStdin()):
		return a.load(args[0])
	}
	declared, err := a.declaredIn(ctx, args, f.project, false)
	if err != nil {
		return taken{}, err
	}
	if rule.Count(declared.Snapshot, rule.KindContainer) == 0 {
		return taken{}, usageError{lang.Errorf("%s: no services: an attack path begins with one", strings.Join(args, ", "))}
	}
	s, err := trial.Assume(declared.Snapshot)
	return taken{Snapshot: s}, err
}

// How much the heap grows beyond what is in use while paths are looked for, in percent.
// Time matters on a host of ordinary size; from so many containers on memory does, too:
// those of 10,000 take 124 MiB besides their snapshot, and at 200 % 180.
const (
	gcOrdinary = 400
	gcLarge    = 130
	largeHost  = 2_000
)

// tuneMemory sets that, unless the environment says otherwise.
func tuneMemory(s *snapshot.Snapshot) {
	if os.Getenv("GOGC") != "" {
		return
	}
	n := 0
	for i := range s.Engines {
		containers, _ := s.Engines[i].Containers.Peek()
		n += len(containers)
	}
	if n < largeHost {
		debug.SetGCPercent(gcOrdinary)
	} else {
		debug.SetGCPercent(gcLarge)
	}
}

// answer asks the model of a snapshot what the flags ask for, and puts it into words.
func (f pathsFlags) answer(ctx context.Context, snap taken, weigh func(attack.Change) int64) (*report.Paths, error) {
	a, made, err := f.ask(ctx, snap, weigh)
	if err != nil {
		return nil, err
	}
	p := report.BuildPaths(Version, snap.Snapshot, a, made)
	if f.prove != "" {
		proveHops(ctx, f.prove, snap, a, p)
	}
	return p, nil
}

// ask asks the model of a snapshot what the flags ask for; made are the changes that count
// as made.
func (f pathsFlags) ask(ctx context.Context, snap taken, weigh func(attack.Change) int64) (_ *attack.Answer, made []attack.Change, _ error) {
	tuneMemory(snap.Snapshot)
	m := attack.Build(snap.Snapshot, steps.All(), func() *matrix.Matrix { return snap.matrix(matrix.ForPaths) })
	q := attack.Question{Weigh: weigh, Ways: f.ways, Keep: func(c attack.Change) bool { return matches(f.keep, c.ID()) }}
	var err error
	if q.From, err = pickStates("--from", f.from, m); err != nil {
		return nil, nil, usageError{err}
	}
	if q.From == nil && len(snap.Assumed) > 0 {
		q.From = beginsAtService
	}
	if q.To, err = pickStates("--to", f.to, m); err != nil {
		return nil, nil, usageError{err}
	}
	if q.Made, err = pickChanges("--what-if", f.whatIf, m); err != nil {
		return nil, nil, usageError{err}
	}
	// Patterns are for whatever is there, as in a file that many hosts share.
	keep := slices.DeleteFunc(slices.Clone(f.keep), func(p string) bool { return strings.ContainsAny(p, "*?[") })
	if _, err = pickChanges("--keep", keep, m); err != nil {
		return nil, nil, usageError{err}
	}
	cutting, cancel := context.WithTimeout(ctx, cutTime)
	defer cancel()
	a, err := m.Answer(cutting, q)
	return a, q.Made, err
}

// beginsAtService: of an assumed host, who has an account there and what other machines
// share its network is not asked.
func beginsAtService(s attack.State) bool {
	return s.Kind.Begins() && s.Kind != attack.LocalUser && s.Kind != attack.LAN
}

// weigh reads --weight.
func (f pathsFlags) weigh() (func(attack.Change) int64, error) {
	type weight struct {
		pattern string
		number  int64
	}
	var list []weight
	for _, value := range f.weights {
		pattern, text, found := strings.Cut(value, "=")
		number, err := strconv.ParseInt(text, 10, 32)
		if !found || err != nil || number < 1 {
			return nil, lang.Errorf("--weight %q: want PATTERN=NUMBER, the number at least 1", value)
		}
		list = append(list, weight{pattern, number})
	}
	return func(c attack.Change) int64 {
		for _, w := range slices.Backward(list) {
			if rule.MatchName(w.pattern, c.ID()) {
				return w.number
			}
		}
		return c.Kind.Weight
	}, nil
}

func matches(patterns []string, id string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return rule.MatchName(p, id) })
}

// pickStates makes a test of ids, names and patterns of states; nil of none. It is
// an error if one of them is of no state.
func pickStates(flag string, patterns []string, m *attack.Model) (func(attack.State) bool, error) {
	if len(patterns) == 0 {
		return nil, nil
	}
	is := func(p string, s attack.State) bool { return rule.MatchName(p, s.ID()) || rule.MatchName(p, s.Name) }
	var names []string
	for _, s := range m.States() {
		names = append(names, s.ID(), s.Name)
	}
	for _, p := range patterns {
		if !slices.ContainsFunc(m.States(), func(s attack.State) bool { return is(p, s) }) {
			return nil, unknownName(flag, "state", p, names)
		}
	}
	return func(s attack.State) bool {
		return slices.ContainsFunc(patterns, func(p string) bool { return is(p, s) })
	}, nil
}

// pickChanges are the changes of ids and patterns.
func pickChanges(flag string, patterns []string, m *attack.Model) ([]attack.Change, error) {
	var out []attack.Change
	changes := m.Changes()
	var names []string
	for _, c := range changes {
		names = append(names, c.ID())
	}
	for _, p := range patterns {
		found := false
		for _, c := range changes {
			if rule.MatchName(p, c.ID()) {
				found = true
				out = append(out, c)
			}
		}
		if !found {
			return nil, unknownName(flag, "change", p, names)
		}
	}
	return out, nil
}

func unknownName(flag, what, name string, names []string) error {
	names = slices.DeleteFunc(names, func(n string) bool { return n == "" })
	return fmt.Errorf("%s: %w", flag, &rule.UnknownNameError{What: what, Name: name, Near: near.Match(name, names), See: "seawall paths --format json"})
}
