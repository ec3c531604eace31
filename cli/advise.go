package cli

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"seawall/advice"
	"seawall/lang"
	"seawall/report"
	"seawall/snapshot"
	"seawall/source/livehost"
	"seawall/source/observed"
)

// adviseFlags are what `seawall advise` was asked for.
type adviseFlags struct {
	format, output, snapshot string
	seccomp, appArmor        string // files to write profiles to
	observations             []string
	verify                   verifyFlags
}

// adviceFormats are the formats of advice.
var adviceFormats = []string{"text", "json", "run", "compose"}

func (a *app) advise() *cobra.Command {
	var f adviseFlags
	cmd := &cobra.Command{
		Use:   "advise {CONTAINER... | --verify {IMAGE | COMPOSE-FILE... SERVICE}}",
		Short: lang.T("Say what a container needs to be given, and no more"),
		Long: strings.TrimSpace(lang.Sprintf(`
Turn what containers were seen to use into the settings that give them just that:
capabilities, no-new-privileges, a read-only root file system with the
directories that stay writable, ports, limits, profiles of seccomp and AppArmor.
Each comes with its reason, and with a verdict: holds, tentative (nothing speaks
against it, and too little was seen), fails, unknown.

Watch first, through a start at least, better several and a day of work:

  %[1]s observe -o seen.json
  %[1]s advise web --observation seen.json

Several observations of one host are merged. Without any, only what settings and
files of the image tell is said. Containers are named by name, Compose service, or
the beginning of an id. Nothing is changed without --verify.

Formats: text; json; run, the options of docker run; compose, a file to give
after a project's own (docker compose -f compose.yaml -f FILE).

With --verify a copy of the container is started with what is advised, checked by
--check or its own health check, and removed: without network and ports, with
fresh volumes, bind mounts read-only. What it then lacks is added back, or said.
It first shows what it will start, and asks. For an IMAGE or a service of Compose
files that do not run, what the advice rests on is seen in the first such copy.

Exit codes: 0 done; 1 with --verify: the copy does not work; 2 wrong usage or bad
input; 3 could not look at all.`, a.name())),
		Example: "  " + a.name() + " advise db --observation monday.json --observation friday.json\n  " +
			a.name() + " advise web --observation seen.json --format compose -o least.yaml --seccomp-profile web.json\n  " +
			a.name() + " advise --verify --check 'wget -qO- localhost' compose.yaml web",
		RunE: func(cmd *cobra.Command, args []string) error { return a.runAdvise(cmd.Context(), f, args) },
	}
	flags := cmd.Flags()
	a.connection.flags(flags)
	observationFlag(flags, &f.observations)
	flags.StringVarP(&f.format, "format", "f", "text", strings.Join(adviceFormats, ", "))
	flags.StringVarP(&f.output, "output", "o", "", lang.T("write the advice to this file"))
	flags.StringVar(&f.seccomp, "seccomp-profile", "", lang.T("write the container's seccomp profile to this file, and name it in the settings"))
	flags.StringVar(&f.appArmor, "apparmor-profile", "", lang.T("write the container's AppArmor profile to this file, and name it in the settings"))
	flags.StringVar(&f.snapshot, "snapshot", "", lang.T("take settings and files from this saved snapshot ('snapshot --deep')"))
	f.verify.flags(flags)
	// The error is that the flag does not exist; a test completes each.
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(adviceFormats, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (f adviseFlags) check(names []string) error {
	switch {
	case len(names) == 0:
		return lang.Error("name a container: advise CONTAINER --observation FILE")
	case !slices.Contains(adviceFormats, f.format):
		return lang.Errorf("unknown format %q: want one of %s", f.format, strings.Join(adviceFormats, ", "))
	case isYAML(names[0]) && !f.verify.on:
		return lang.Error("what a Compose file declares was not seen to use anything: give --verify, or name its containers")
	case isYAML(names[0]) && len(names) == 1:
		return lang.Error("name a service: advise --verify COMPOSE-FILE SERVICE")
	case f.profile() != "" && len(names) > 1 && !f.ofService(names):
		return lang.Errorf("%s is for one container: name one", f.profile())
	case f.seccomp != "" && len(f.observations) == 0 && !f.verify.on:
		return lang.Error("--seccomp-profile takes system calls that were seen: give --observation FILE")
	case f.appArmor != "" && len(f.observations) == 0 && !f.verify.on:
		return lang.Error("--apparmor-profile takes what was seen: give --observation FILE")
	case f.verify.on && f.snapshot != "":
		return lang.Error("--verify starts a copy of a container of this machine: leave --snapshot out")
	}
	return f.verify.check(f.ofService(names), names)
}

// ofService reports whether the names are Compose files, or a directory, and a service.
// Where nothing is verified a directory may as well have the name of a container.
func (f adviseFlags) ofService(names []string) bool {
	return f.verify.on && len(names) > 1 && declares(names[0])
}

func (a *app) runAdvise(ctx context.Context, f adviseFlags, names []string) error {
	if err := f.check(names); err != nil {
		return usageError{err}
	}
	files, err := observed.Read(f.observations)
	if err != nil {
		return usageError{err}
	}
	seen := files.Merged
	if f.ofService(names) {
		return a.verifyService(ctx, f, files, names)
	}
	snap, err := a.adviseOn(ctx, f, names)
	if err != nil {
		return err
	}
	found, err := namedContainers(snap, names)
	if err != nil {
		if f.verify.on && len(enginesWith(snap, names[0])) > 0 {
			return a.verifyImage(ctx, f, snap, files, names[0])
		}
		return usageError{err}
	}
	host, _ := snap.Host.Name.Peek()
	for i := range found {
		found[i].Host = &snap.Host
		if found[i].Seen = seen.Of(host, found[i].Container); found[i].Seen != nil {
			found[i].Machine = seen.Host.Machine
		}
	}
	if f.snapshot == "" {
		if err := a.addUsage(ctx, found); err != nil {
			return err
		}
	}
	out := &report.Advice{Format: advice.Format, Tool: Version, TakenAt: snap.TakenAt, Host: host}
	for i := range found {
		in := &found[i]
		if seen != nil && in.Seen == nil {
			a.note("%s is not in what was observed: it is advised on by settings and files only", in.Container.Name)
		}
		out.Containers = append(out.Containers, advice.For(*in))
	}
	if f.verify.on {
		return a.verify(ctx, f, found, out)
	}
	return a.writeAdvice(f, out)
}

// adviseOn is the snapshot that tells settings and files.
func (a *app) adviseOn(ctx context.Context, f adviseFlags, names []string) (*snapshot.Snapshot, error) {
	if f.snapshot != "" {
		t, err := a.load(f.snapshot)
		return t.Snapshot, err
	}
	sc := scope{deep: livehost.DeepUsed, deepFor: names}
	if f.verify.on {
		sc.deepImages = names // it may be one
	}
	t, err := a.collect(ctx, sc)
	return t.Snapshot, err
}

// namedContainers are the containers that were named, each once, in the order of the
// names.
func namedContainers(s *snapshot.Snapshot, names []string) ([]advice.Input, error) {
	var out []advice.Input
	known := map[*snapshot.Container]bool{}
	for _, name := range names {
		found := false
		for i := range s.Engines {
			e := &s.Engines[i]
			containers, _ := e.Containers.Peek()
			for k := range containers {
				c := &containers[k]
				if !c.Is(name) {
					continue
				}
				found = true
				if !known[c] {
					known[c] = true
					out = append(out, advice.Input{Engine: e, Container: c, Image: imageOf(e, c), Usage: snapshot.LostUsage(savedUsage, "snapshot")})
				}
			}
		}
		if !found {
			return nil, lang.Errorf("there is no container %s: name one by its name, Compose service, or the beginning of its id", name)
		}
	}
	return out, nil
}

// savedUsage is why a saved snapshot does not tell what a container holds.
var savedUsage = snapshot.Gap{
	Reason: snapshot.ReasonNotCollected, Detail: lang.N("a saved snapshot does not tell what a container uses at the moment"), Remedy: lang.N("advise on the machine itself"),
}

// imageOf is the image that a container was made from; nil if the engine has it not.
func imageOf(e *snapshot.Engine, c *snapshot.Container) *snapshot.Image {
	images, _ := e.Images.Peek()
	id, known := c.ImageID.Peek()
	for i := range images {
		if known && images[i].ID == id {
			return &images[i]
		}
	}
	return nil
}

// addUsage reads what the containers use at the moment.
func (a *app) addUsage(ctx context.Context, list []advice.Input) error {
	endpoint, err := a.endpoint()
	if err != nil {
		return usageError{err}
	}
	lister := livehost.NewLister(endpoint)
	defer lister.Close()
	for i := range list {
		list[i].Usage = lister.Usage(ctx, list[i].Engine.Name, list[i].Container, writtenBy(list[i].Seen))
	}
	return ctx.Err()
}

// writeAdvice writes the profiles that were asked for, and the advice.
func (a *app) writeAdvice(f adviseFlags, out *report.Advice) error {
	if f.format == "compose" {
		var err error
		if out.Containers, err = oneProject(out.Containers); err != nil {
			return usageError{err}
		}
	}
	if err := a.writeProfiles(f, out); err != nil {
		return err
	}
	return a.write(f.output, func(w io.Writer, style report.Style) error {
		switch f.format {
		case "json":
			return report.AdviceJSON(w, out)
		case "run":
			return report.AdviceRun(w, out)
		case "compose":
			return report.AdviceCompose(w, out)
		}
		return report.AdviceText(w, out, style)
	})
}

// oneProject checks that all are services of one Compose project, and keeps one
// container of each service.
func oneProject(list []*advice.Advice) ([]*advice.Advice, error) {
	var out []*advice.Advice
	for _, one := range list {
		switch {
		case one.Service == "":
			return nil, lang.Errorf("container %s is of no Compose service: use --format run", one.Container)
		case one.Project != list[0].Project:
			return nil, lang.Errorf("a Compose file is for one project, and these are of %s and %s: name those of one", list[0].Project, one.Project)
		case slices.ContainsFunc(out, func(o *advice.Advice) bool { return o.Service == one.Service }):
		default:
			out = append(out, one)
		}
	}
	return out, nil
}
