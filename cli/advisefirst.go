package cli

import (
	"context"
	"runtime"

	"github.com/moby/moby/api/types/container"

	"seawall/advice"
	"seawall/lang"
	"seawall/observation"
	"seawall/source/apimodel"
	"seawall/source/engineapi"
	"seawall/source/livehost"
)

// machine is this machine's architecture, as uname names the one that profiles are made
// for.
func machine() string {
	if runtime.GOARCH == "amd64" {
		return "x86_64"
	}
	return runtime.GOARCH
}

// firstRun gathers what advice on something new is made of.
type firstRun struct {
	lister *livehost.Lister
	api    *engineapi.Changer
	// before is what was observed of the same workload; nil if nothing was.
	before *observation.Container
	in     advice.Input
}

// look reads what the first copy has, while it works.
func (r *firstRun) look(ctx context.Context, id string, seen *observation.Container) error {
	var inspected container.InspectResponse
	if err := r.api.Get(ctx, "/containers/"+id+"/json", &inspected); err != nil {
		return lang.Errorf("look at the copy: %w", err)
	}
	copied := apimodel.FromInspect(inspected, "GET /containers/"+id+"/json")
	c := r.in.Container
	c.User, c.ImageID, c.Process, c.Health, c.Mounts = copied.User, copied.ImageID, copied.Process, copied.Health, copied.Mounts
	r.in.Usage = r.lister.Usage(ctx, r.in.Engine.Name, &copied, writtenBy(seen))
	return ctx.Err()
}

// advise makes the advice of what was seen of the first copy, and before.
func (r *firstRun) advise(seen *observation.Container) *advice.Advice {
	switch {
	case seen == nil:
		seen = r.before
	case r.before != nil:
		seen = new(observation.Join(*r.before, *seen))
	}
	r.in.Seen = seen
	return advice.For(r.in)
}

// writtenBy are the directories in which something was changed.
func writtenBy(seen *observation.Container) []string {
	if seen == nil {
		return nil
	}
	var out []string
	for _, w := range seen.Written {
		out = append(out, w.Directory)
	}
	return out
}
