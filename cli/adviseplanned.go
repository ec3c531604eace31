package cli

import (
	"context"
	"time"

	"github.com/moby/moby/api/types/container"

	"seawall/advice"
	"seawall/confinement"
	"seawall/lang"
	"seawall/observation"
	"seawall/report"
	"seawall/snapshot"
	"seawall/source/apimodel"
	"seawall/source/composefile"
	"seawall/source/livehost"
	"seawall/source/observed"
	"seawall/source/rehearse"
)

// planned is what does not run yet: an image, or a service that a file declares.
type planned struct {
	name   string // for people
	config *container.Config
	host   *container.HostConfig
	// declared is the container that it would be.
	declared snapshot.Container
}

// verifyImage tries an image as a container without options.
func (a *app) verifyImage(ctx context.Context, f adviseFlags, s *snapshot.Snapshot, files observed.Files, image string) error {
	p := planned{name: lang.Sprintf("image %s", image), config: &container.Config{Image: image}, host: &container.HostConfig{}}
	p.declared = apimodel.FromCreate(image, p.config, p.host, nil, "image "+image)
	return a.verifyPlanned(ctx, f, s, files, p)
}

// verifyService tries a service of Compose files, the last of the arguments.
func (a *app) verifyService(ctx context.Context, f adviseFlags, files observed.Files, args []string) error {
	p, err := a.plannedService(ctx, args)
	if err != nil {
		return err
	}
	t, err := a.collect(ctx, scope{deep: livehost.DeepUsed, deepImages: []string{p.config.Image}})
	if err != nil {
		return err
	}
	return a.verifyPlanned(ctx, f, t.Snapshot, files, p)
}

// plannedService is the service of Compose files that is the last of the arguments.
func (a *app) plannedService(ctx context.Context, args []string) (planned, error) {
	names, service := args[:len(args)-1], args[len(args)-1]
	project, err := a.composeArguments(ctx, names)
	if err != nil {
		return planned{}, err
	}
	for i, c := range project.Creates {
		switch {
		case c.Service != service:
		case c.Open != "":
			return planned{}, usageError{lang.Errorf("%s: service %s has %s, which is not known: set it in .env, or verify the container that runs", names[0], service, c.Open)}
		default:
			return planned{lang.Sprintf("service %s of %s", service, names[0]), c.Config, c.Host, project.Containers[i]}, nil
		}
	}
	return planned{}, usageError{lang.Errorf("%s: there is no service %s", names[0], service)}
}

// composeArguments reads the files of one project, or those of one directory.
func (a *app) composeArguments(ctx context.Context, names []string) (*composefile.Project, error) {
	var list []composefile.File
	for _, name := range names {
		files, err := a.composeFiles(name)
		if err != nil {
			return nil, usageError{shortPath(name, err)}
		}
		list = append(list, files...)
	}
	p, err := composefile.Load(ctx, list, composefile.Options{})
	if err != nil {
		return nil, usageError{err}
	}
	return p, nil
}

// enginesWith are the engines that have an image.
func enginesWith(s *snapshot.Snapshot, image string) []*snapshot.Engine {
	var out []*snapshot.Engine
	for i := range s.Engines {
		if e := &s.Engines[i]; imageNamed(e, image) != nil {
			out = append(out, e)
		}
	}
	return out
}

// imageNamed is the image of a name; nil if the engine has it not.
func imageNamed(e *snapshot.Engine, name string) *snapshot.Image {
	return confinement.ImageOf(e, &snapshot.Container{Image: snapshot.See(name, snapshot.At("Config.Image", ""))})
}

// verifyPlanned runs containers of what does not run yet: the first as it is declared, of
// which is seen what it uses, and others with what follows from that.
func (a *app) verifyPlanned(ctx context.Context, f adviseFlags, s *snapshot.Snapshot, files observed.Files, p planned) error {
	engines := enginesWith(s, p.config.Image)
	switch {
	case len(engines) == 0:
		return usageError{lang.Errorf("no engine of this machine has the image %s: pull or build it first", p.config.Image)}
	case len(engines) > 1:
		return usageError{lang.Errorf("%d engines of this machine have the image %s: name one with --host", len(engines), p.config.Image)}
	}
	endpoint, err := a.endpoint()
	if err != nil {
		return usageError{err}
	}
	lister := livehost.NewLister(endpoint)
	defer lister.Close()
	api, err := lister.Changer(ctx, engines[0].Name)
	if err != nil {
		return lookError{err}
	}
	plan, err := rehearse.NewDeclaredPlan(ctx, api, p.name, *p.config, *p.host)
	if err != nil {
		return lookError{err}
	}
	if err := a.agreed(f.verify, plan); err != nil {
		return err
	}
	host, _ := s.Host.Name.Peek()
	first := &firstRun{
		lister: lister, api: api, before: files.Merged.Of(host, &p.declared),
		in: advice.Input{
			Host: &s.Host, Engine: engines[0], Container: &p.declared, Image: imageNamed(engines[0], p.config.Image), Machine: machine(),
			Usage: snapshot.LostUsage(snapshot.Gap{Reason: snapshot.ReasonVanished, Detail: lang.N("the first copy did not work")}, p.name),
		},
	}
	out := &report.Advice{Format: advice.Format, Tool: Version, TakenAt: s.TakenAt, Host: host}
	r := &rehearsal{
		app: a, plan: plan, api: api, lister: lister, window: time.Minute, look: first.look,
		check: rehearse.Check{Command: f.verify.command, Within: f.verify.within},
	}
	r.learn = func(seen *observation.Container) {
		r.advice = first.advise(seen)
		r.held = r.advice.Capabilities.HeldNow
		out.Containers = []*advice.Advice{r.advice}
	}
	return a.rehearsed(ctx, f, r, out)
}
