package cli

import (
	"context"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"seawall/attack"
	"seawall/attack/steps"
	"seawall/compliance"
	"seawall/currency"
	"seawall/currency/known"
	"seawall/lang"
	"seawall/reach/matrix"
	"seawall/report"
	"seawall/rule"
	"seawall/snapshot"
	"seawall/source/composefile"
	"seawall/source/livehost"
)

// auditFlags are what `seawall audit` was asked for.
type auditFlags struct {
	format, failOn, severity, profile, baseline string
	outputs, waivers, rules, subjects, images   []string
	rulesFiles, observations                    []string
	strict, exitZero, verbose, probe, lists     bool
	recursive                                   bool // directories are searched with all below them
	deep                                        deepFlag
	fix                                         fixFlag
	dryRun                                      bool // with fix: write nothing
	project                                     composefile.Options
}

func (a *app) audit() *cobra.Command {
	var f auditFlags
	cmd := &cobra.Command{
		Use:   "audit [SNAPSHOT | COMPOSE-FILE... | Dockerfile... | DIRECTORY... | daemon.json]",
		Short: lang.T("Judge the engines of this machine, a saved snapshot, or files that declare"),
		Long: strings.TrimSpace(lang.Sprintf(`
Judge all Docker Engines of this machine (or the one of --host or --context),
or a snapshot saved with 'snapshot'; '-' reads the snapshot, or a Compose file,
from stdin.

Files that end with .yaml or .yml are the Compose files of a project: later ones
override earlier ones. In a directory those are taken that Compose takes. What
they declare is judged as if it ran; what only the engine, the host or an image
decides stays unknown. Variables that neither .env nor --env-file sets have no
value. Nothing outside of the project's directory is read. A file whose name ends
with daemon.json is that of the engine, alone or with what it will run.

A Dockerfile (also Dockerfile.NAME, NAME.Dockerfile, Containerfile) is judged as
the image that it makes; so is one that a service is built from. --image judges
an image that the engine holds, or those of an archive ('docker save') or OCI
layout: configuration and history.

Exit codes: 0 nothing at or above --fail-on; 1 findings at or above it; 2 wrong
usage or bad input; 3 could not look at all; 4 looked only in part, with
--strict. --severity and --subject choose what is shown and change no verdict.

The report in --format goes to stdout, or to the file of '-o FILE'. Each
'-o FORMAT=FILE' writes one more; with these and --quiet, stdout gets none.

Formats:
%[1]s
With --deep the files of images are read too, where the engine keeps their
layers: of images that containers use, or with --deep=all of every image. With
--probe, connections from containers to the engines' APIs and to published ports
are tried; none leaves the machine. With --lists the package manager's lists are
read too, to tell whether updates wait; nothing is fetched. With --observation,
rules also judge what containers were given and never seen to need: capabilities,
root, ports, a writable root file system ('observe' says how to watch).

With --fix, changes that mend findings are written into the Compose files, and
what is left is reported: those that no program can notice, or with --fix=all
also those that might break a workload. --dry-run writes nothing and shows the
difference, or in --format json and sarif the changes of each finding. Of
standard input the changed file goes to stdout.

With --baseline only findings that the named report (saved with --format json)
does not hold, or holds with a lower severity, count for the exit code. Waivers
are read from the files that --waivers names, rules of your own from those that
--rules-file names, and from nowhere else. These are judged by every profile; by
a benchmark's, if they decide a recommendation of it.`, formatTable())),
		Example: "  " + a.name() + " audit\n  " + a.name() + " audit --profile essential --fail-on critical\n  " + a.name() + " audit --deep\n  " + a.name() + " audit Dockerfile\n  " + a.name() + " audit --format json -o report.json",
		Args:    cobra.ArbitraryArgs,
		RunE:    func(cmd *cobra.Command, args []string) error { return a.runAudit(cmd.Context(), f, args) },
	}
	f.judging(cmd.PersistentFlags())
	flags := cmd.Flags()
	a.connection.flags(flags)
	f.deep.flag(flags)
	listsFlag(flags, &f.lists)
	probeFlag(flags, &f.probe)
	observationFlag(flags, &f.observations)
	projectFlags(flags, &f.project)
	fixFlags(flags, &f)
	flags.BoolVarP(&f.recursive, "recursive", "r", false, lang.T("search directories with all below them, as git work trees are anyway"))
	flags.StringArrayVar(&f.images, "image", nil, lang.T("judge this image of the engine, or those of this archive or OCI layout, instead (repeatable)"))
	completeAudit(cmd)
	cmd.AddCommand(a.auditRun(&f))
	return cmd
}

// judging are the flags about what is judged, and what is told of it.
func (f *auditFlags) judging(flags *pflag.FlagSet) {
	flags.StringVarP(&f.format, "format", "f", "text", lang.Sprintf("format of the report: %s", strings.Join(report.OutputNames(), ", ")))
	flags.StringArrayVarP(&f.outputs, "output", "o", nil, lang.T("write the report to FILE, or one more as FORMAT=FILE (repeatable)"))
	flags.StringSliceVar(&f.rules, "rule", nil, lang.T("judge only by these rules (id or pattern; repeatable)"))
	rulesFilesFlag(flags, &f.rulesFiles)
	flags.StringVar(&f.profile, "profile", rule.DefaultProfile, lang.Sprintf("judge by a selection of rules: %s", profileNames()))
	flags.StringVar(&f.severity, "severity", "", lang.T("show findings of this severity and above"))
	flags.StringSliceVar(&f.subjects, "subject", nil, lang.T("show these subjects only: a kind or a name pattern (repeatable)"))
	flags.StringVar(&f.failOn, "fail-on", "high", lang.T("exit with 1 for findings of this severity and above, or none"))
	flags.StringArrayVar(&f.waivers, "waivers", nil, lang.T("file of accepted findings (repeatable)"))
	flags.StringVar(&f.baseline, "baseline", "", lang.T("count only what this saved JSON report does not hold"))
	flags.BoolVar(&f.strict, "strict", false, lang.T("exit with 4 if something could not be looked at"))
	flags.BoolVar(&f.exitZero, "exit-zero", false, lang.T("exit with 0 whatever was found"))
	flags.BoolVarP(&f.verbose, "verbose", "v", false, lang.T("show every finding in full"))
}

func profileNames() string {
	var names []string
	for _, p := range rule.Profiles() {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}

// auditPlan is an audit whose flags have been checked.
type auditPlan struct {
	auditFlags
	selected  []*rule.Rule
	book      *rule.Book
	profile   rule.Profile
	outputs   []output
	waivers   rule.Waivers
	baseline  *report.Report // nil: none
	filter    report.Filter
	threshold rule.Severity // 0: none
	known     *known.Data
}

// plan checks all flags before anything is read, so that a mistake costs no
// audit.
func (f auditFlags) plan(quiet bool) (p auditPlan, err error) {
	p.auditFlags = f
	if p.book, err = bookWith(f.rulesFiles); err != nil {
		return p, err
	}
	if p.outputs, err = parseOutputs(f.format, f.outputs, quiet); err != nil {
		return p, err
	}
	if p.profile, err = rule.LookupProfile(f.profile); err != nil {
		return p, err
	}
	if p.selected, err = selectRules(p.book, p.profile, f.rules); err != nil {
		return p, err
	}
	if f.failOn != "none" {
		if p.threshold, err = rule.ParseSeverity(f.failOn); err != nil {
			return p, lang.Errorf("--fail-on: %w", err)
		}
	}
	if f.severity != "" {
		if p.filter.Severity, err = rule.ParseSeverity(f.severity); err != nil {
			return p, lang.Errorf("--severity: %w", err)
		}
	}
	p.filter.Subjects = f.subjects
	if f.baseline != "" {
		if p.baseline, err = loadBaseline(f.baseline); err != nil {
			return p, err
		}
	}
	p.waivers, err = loadWaivers(f.waivers, p.book)
	return p, err
}

func loadWaivers(names []string, book *rule.Book) (all rule.Waivers, err error) {
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, lang.Errorf("read waivers: %w", err)
		}
		waivers, err := rule.ParseWaivers(name, data, hasRule(book))
		if err != nil {
			return nil, err
		}
		all = append(all, waivers...)
	}
	return all, nil
}

// hasRule says whether a book has rules of an id or pattern.
func hasRule(book *rule.Book) func(pattern string) error {
	return func(pattern string) error {
		_, err := book.Match(pattern)
		return err
	}
}

// selectRules are the rules of the profile, narrowed to the named ones. A rule
// that is named by its id need not be in the default profile.
func selectRules(book *rule.Book, profile rule.Profile, patterns []string) ([]*rule.Rule, error) {
	if len(patterns) == 0 {
		return book.Select(profile), nil
	}
	named := map[*rule.Rule]bool{}
	for _, pattern := range patterns {
		matches, err := book.Match(pattern)
		if err != nil {
			return nil, err
		}
		for _, r := range matches {
			named[r] = named[r] || profile.Holds(r) || profile.Name == rule.DefaultProfile && r.ID == pattern
		}
	}
	narrowed := slices.DeleteFunc(slices.Clone(book.Rules()), func(r *rule.Rule) bool { return !named[r] })
	if len(narrowed) == 0 {
		return nil, lang.Errorf("profile %s has none of the rules named by --rule", profile.Name)
	}
	return narrowed, nil
}

func (a *app) runAudit(ctx context.Context, f auditFlags, args []string) error {
	if err := f.checkFix(args); err != nil {
		return usageError{err}
	}
	if f.fix != "" {
		return a.runFix(ctx, f, args)
	}
	return a.runAuditOf(ctx, f, func() (taken, error) {
		return a.observing(f.observations, func() (taken, error) { return a.input(ctx, args, f) })
	})
}

// runAuditOf judges a snapshot, which is asked for once all flags have been checked.
func (a *app) runAuditOf(ctx context.Context, f auditFlags, input func() (taken, error)) error {
	p, err := f.plan(a.quiet)
	if err != nil {
		return usageError{err}
	}
	snap, err := input()
	if err != nil {
		return err
	}
	p.known = a.known().Data
	return a.report(ctx, f, p, snap, nil)
}

// report judges what was taken and writes the reports; change may add to them, nil:
// nothing is added.
func (a *app) report(ctx context.Context, f auditFlags, p auditPlan, snap taken, change func(*report.Report)) (err error) {
	for _, w := range snap.waivers {
		waiver, err := w.waiver(p.book)
		if err != nil {
			return usageError{err}
		}
		p.waivers = append(p.waivers, waiver)
	}
	reach := sync.OnceValue(func() *matrix.Matrix { return snap.matrix(matrix.ForRules) })
	rep := p.judge(snap.Snapshot, reach)
	if err := a.complete(ctx, p, rep, snap, reach); err != nil {
		return err
	}
	if p.baseline != nil {
		rep.CompareWith(p.baseline)
	}
	if change != nil {
		change(rep)
	}
	verdict := p.verdict(rep)
	p.filter.Apply(rep)
	if err := a.writeAll(p.outputs, func(w io.Writer, format report.Output, style report.Style) error {
		style.Verbose = f.verbose
		return format.Write(w, rep, style, p.book.Lookup)
	}); err != nil {
		return err
	}
	return verdict
}

// judge is the report on a snapshot, before any filter. Reach tells who reaches
// what.
func (p auditPlan) judge(s *snapshot.Snapshot, reach func() *matrix.Matrix) *report.Report {
	selected := p.asked(s)
	results := rule.EvaluateWith(s, selected, rule.World{Reach: reach, Currency: func() *currency.Report { return currency.Judge(s, p.known) }})
	warnings := p.waiversOf(selected).Apply(results, s.TakenAt)
	rep := report.Build(Version, p.profile.Name, s, selected, results, warnings)
	if b := p.profile.Benchmark; !b.IsZero() {
		rep.Compliance = compliance.Set(b, compliance.Audit{Snapshot: s, Book: p.book.Rules(), Asked: selected, Results: results})
	}
	return rep
}

// auditCutTime bounds the search for the changes that end all attack paths: an
// audit tells the best that was found by then.
const auditCutTime = 200 * time.Millisecond

// attacks is how an attack could begin, in short.
func attacks(ctx context.Context, s *snapshot.Snapshot, reach func() *matrix.Matrix) (*report.Attack, error) {
	ctx, cancel := context.WithTimeout(ctx, auditCutTime)
	defer cancel()
	answer, err := attack.Build(s, steps.All(), reach).Answer(ctx, attack.Question{Ways: 1})
	if err != nil {
		return nil, err
	}
	return report.BuildAttack(answer), nil
}

// verdict is the exit code that the report calls for.
func (p auditPlan) verdict(r *report.Report) error {
	unreadable := 0
	for i := range r.Engines {
		if r.Engines[i].Gap != nil {
			unreadable++
		}
	}
	switch {
	case p.exitZero:
		return nil
	case p.threshold != 0 && r.Worst() >= p.threshold:
		return exitCode(exitFindings)
	case len(r.Engines) > 0 && unreadable == len(r.Engines):
		return exitCode(exitNoLook)
	case p.strict && r.Partial():
		return exitCode(exitPartial)
	}
	return nil
}

// input is the snapshot to judge: read from a file or stdin, or taken now.
func (a *app) input(ctx context.Context, args []string, f auditFlags) (taken, error) {
	if len(f.images) > 0 {
		return a.namedImages(ctx, f, args)
	}
	if len(args) == 0 {
		outputs, _ := parseOutputs(f.format, f.outputs, a.quiet) // checked before
		return a.collect(ctx, scope{deep: f.deep.scope, reach: f.probe || whole(outputs), probe: f.probe, lists: f.lists, paths: whole(outputs)})
	}
	if f.lists {
		return taken{}, usageError{lang.Error("--lists has no effect on a saved snapshot: save it with 'snapshot --lists'")}
	}
	if f.probe {
		return taken{}, usageError{errProbeSaved}
	}
	if f.deep.scope != livehost.NotDeep {
		return taken{}, usageError{lang.Error("--deep has no effect on a saved snapshot: save it with 'snapshot --deep'; for all images write --deep=all")}
	}
	if len(args) > 1 || declares(args[0]) || args[0] == "-" && a.declaresOnStdin() {
		return a.declaredIn(ctx, args, f.project, f.recursive)
	}
	return a.load(args[0])
}

func completeAudit(cmd *cobra.Command) {
	var kinds []string
	for _, k := range rule.Kinds() {
		kinds = append(kinds, string(k))
	}
	for flag, complete := range map[string]cobra.CompletionFunc{
		"format":  words(formatCompletions("")...),
		"output":  completeOutput,
		"subject": words(kinds...),
	} {
		// The error is that the flag does not exist; a test completes each.
		_ = cmd.RegisterFlagCompletionFunc(flag, complete)
	}
}
