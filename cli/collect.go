package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"seawall/lang"
	"seawall/reach/matrix"
	"seawall/snapshot"
	"seawall/source/declared"
	"seawall/source/engineapi"
	"seawall/source/livehost"
)

// errNoEngine is what a machine without an engine gives.
var errNoEngine = lang.Sentinel("no Docker Engine found on this machine: name one with --host or --context, or give a snapshot's FILE")

// errProbeSaved is what --probe of a saved snapshot gives.
var errProbeSaved = lang.Sentinel("--probe has no effect on a saved snapshot: save it with 'snapshot --probe'")

// probeFlag is --probe.
func probeFlag(flags *pflag.FlagSet, probe *bool) {
	flags.BoolVar(probe, "probe", false, lang.T("try connections, too; none leaves the machine"))
}

// listsFlag is --lists.
func listsFlag(flags *pflag.FlagSet, lists *bool) {
	flags.BoolVar(lists, "lists", false, lang.T("read the package manager's lists, too: whether updates wait"))
}

// scope is how much of a machine is read.
type scope struct {
	deep livehost.Deep
	// deepFor are the containers whose images' files are read, deepImages the images; all
	// if there are none of either.
	deepFor, deepImages []string
	// reach: the networks of containers, and every route that the answer to who
	// reaches what takes; without, what rules want to know.
	reach bool
	// probe: connections are tried, too.
	probe bool
	// paths: every route that attack paths take, too.
	paths bool
	// lists: what the package manager last heard of newer versions is read.
	lists bool
}

// plans are what to find out about who reaches what: the plan of the scope, that for
// attack paths where it is another, and what is asked.
func (sc scope) plans(s *snapshot.Snapshot) (plan, forPaths *matrix.Plan, ask livehost.NetPlan) {
	switch {
	case sc.reach && sc.paths:
		plan, forPaths = matrix.NewPlan(s, matrix.Everything), matrix.NewPlan(s, matrix.ForPaths)
		if !sc.probe && plan.Size() > reachShown { // nobody asks for all of it, and no page shows it
			return forPaths, nil, forPaths
		}
		return plan, forPaths, besides{plan, forPaths}
	case sc.reach:
		plan = matrix.NewPlan(s, matrix.Everything)
	case sc.paths:
		plan = matrix.NewPlan(s, matrix.ForPaths)
	default:
		plan = matrix.NewPlan(s, matrix.ForRules)
	}
	return plan, nil, plan
}

// besides is a plan that asks what another wants to know, too.
type besides struct {
	*matrix.Plan
	other *matrix.Plan
}

func (b besides) Questions() map[uint64][]snapshot.NetRoute {
	if own := b.Plan.Questions(); len(own) > 0 {
		return own
	}
	return b.other.Questions()
}

func (b besides) Learn(namespace uint64, answers []snapshot.NetRoute) {
	b.Plan.Learn(namespace, answers)
	b.other.Learn(namespace, answers)
}

// taken is a snapshot, and the matrix that was found while it was taken.
type taken struct {
	*snapshot.Snapshot
	plan *matrix.Plan // nil: it was not taken now
	// forPaths is another plan, of what attack paths ask; nil: plan is for these, too.
	forPaths *matrix.Plan
	// waivers are what declarations themselves accept.
	waivers []fileWaiver
	// compose are the files of each Compose project that is declared, and daemon the engine
	// that will run them; nil: nothing is known of it.
	compose []composed
	daemon  *declared.Daemon
}

// matrix is who reaches what, as the scope says of a snapshot that was saved.
func (t taken) matrix(scope matrix.Scope) *matrix.Matrix {
	switch {
	case scope == matrix.ForPaths && t.forPaths != nil:
		return t.forPaths.Matrix()
	case t.plan != nil:
		return t.plan.Matrix()
	}
	return matrix.NewPlan(t.Snapshot, scope).Matrix()
}

// collect takes a snapshot of this machine, or of the engine that was named.
func (a *app) collect(ctx context.Context, sc scope) (taken, error) {
	endpoint, err := a.endpoint()
	if err != nil {
		return taken{}, usageError{err}
	}
	var out taken
	plan := func(s *snapshot.Snapshot) (ask livehost.NetPlan) {
		out.plan, out.forPaths, ask = sc.plans(s)
		return ask
	}
	progress := a.startProgress()
	out.Snapshot, err = livehost.Collect(ctx, livehost.Options{
		Endpoint: endpoint, Tool: Version, Deep: sc.deep, DeepFor: sc.deepFor, DeepImages: sc.deepImages, ContainerNets: sc.reach, Plan: plan, Probe: sc.probe, Lists: sc.lists, Progress: progress.step,
	})
	progress.stop()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return taken{}, lookError{lang.Errorf("look at this machine: %w", err)}
	}
	return out, nothingSeen(out.Snapshot, endpoint)
}

// nothingSeen is an error where there is no engine, or where the one that was
// named could not be read.
func nothingSeen(s *snapshot.Snapshot, named *engineapi.Endpoint) error {
	if len(s.Engines) == 0 {
		return lookError{errNoEngine}
	}
	if named == nil {
		return nil
	}
	if _, ok := s.Engines[0].API.Peek(); !ok {
		gap := s.Engines[0].API.Gap()
		return lookError{gapError(gap)}
	}
	return nil
}

// gapError is why an engine could not be read, and what would help.
func gapError(gap snapshot.Gap) error {
	detail := lang.Reword(gap.Detail)
	if gap.Remedy == "" {
		return errors.New(detail)
	}
	return fmt.Errorf("%s (%s)", detail, lang.Reword(gap.Remedy))
}

// endpoint is the engine that flags or environment name, as the Docker CLI
// resolves them; nil if they name none and all engines of this machine are
// meant. The current context of config.json alone names none.
func (a *app) endpoint() (*engineapi.Endpoint, error) {
	if a.connection.host+a.connection.context+a.Getenv("DOCKER_HOST")+a.Getenv("DOCKER_CONTEXT") == "" {
		return nil, nil
	}
	endpoint, err := a.resolve()
	if err != nil {
		return nil, err
	}
	return &endpoint, nil
}

// resolve finds the engine that the Docker CLI would talk to.
func (a *app) resolve() (engineapi.Endpoint, error) {
	dir := a.connection.config
	if dir == "" {
		dir = a.Getenv("DOCKER_CONFIG")
	}
	if dir == "" {
		dir = filepath.Join(a.Getenv("HOME"), ".docker")
	}
	return engineapi.Resolve(engineapi.Options{
		Host: a.connection.host, Context: a.connection.context, ConfigDir: dir, Getenv: a.Getenv,
		TLS: a.connection.tls, TLSVerify: a.connection.tlsVerify.value,
		TLSCACert: a.connection.tlsCACert, TLSCert: a.connection.tlsCert, TLSKey: a.connection.tlsKey,
	})
}

// load reads a saved snapshot from a file; "-" is stdin.
func (a *app) load(name string) (taken, error) {
	if name == "-" {
		s, err := snapshot.Decode(a.Stdin)
		if err != nil {
			return taken{}, usageError{lang.Errorf("stdin: %w", err)}
		}
		return taken{Snapshot: s}, nil
	}
	file, err := os.Open(name)
	if err != nil {
		var path *os.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return taken{}, usageError{lang.Errorf("%s: cannot read the snapshot: %w", name, err)}
	}
	defer file.Close()
	s, err := snapshot.Decode(file)
	if err != nil {
		return taken{}, usageError{fmt.Errorf("%s: %w", name, err)}
	}
	return taken{Snapshot: s}, nil
}
