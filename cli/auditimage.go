package cli

import (
	"context"
	"errors"
	"fmt"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/declared"
	"seawall/source/engineapi"
	"seawall/source/imagearchive"
	"seawall/source/livehost"
)

// namedImages is the snapshot of the images of --image: archives, layouts, and images
// that an engine holds.
func (a *app) namedImages(ctx context.Context, f auditFlags, args []string) (taken, error) {
	switch {
	case len(args) > 0:
		return taken{}, usageError{lang.Errorf("--image stands for what is judged: %s is one argument too many", args[0])}
	case f.deep.scope != livehost.NotDeep:
		return taken{}, usageError{lang.Error("--deep has no effect with --image: the files of images are read in an audit of the engine")}
	case f.probe || f.lists:
		return taken{}, usageError{lang.Error("--probe and --lists have no effect with --image")}
	}
	var projects []declared.Project
	engine := held{app: a}
	defer engine.close()
	for _, ref := range f.images {
		images, err := engine.read(ctx, ref)
		if err != nil {
			return taken{}, err
		}
		projects = append(projects, declared.Project{Name: ref, Images: images, Named: true})
	}
	return declaredLines(projects...), nil
}

// held are the images that the engine holds. It is connected to for the first one.
type held struct {
	*app
	client *engineapi.Client
}

func (h *held) close() {
	if h.client != nil {
		h.client.Close()
	}
}

func (h *held) read(ctx context.Context, ref string) ([]snapshot.Image, error) {
	if imagearchive.Is(ref) {
		images, err := imagearchive.Read(ctx, ref)
		if err != nil {
			return nil, usageError{err}
		}
		return images, nil
	}
	if err := h.connect(ctx); err != nil {
		return nil, err
	}
	i, err := h.client.NamedImage(ctx, ref)
	switch {
	case errors.Is(err, engineapi.ErrNoImage):
		return nil, lookError{fmt.Errorf("%s: %w", ref, err)}
	case err != nil:
		return nil, lookError{err}
	}
	return []snapshot.Image{i}, nil
}

// connect connects to the engine that flags or environment name, or else the default one.
func (h *held) connect(ctx context.Context) error {
	if h.client != nil {
		return nil
	}
	endpoint, err := h.resolve()
	if err != nil {
		return usageError{err}
	}
	h.client, err = engineapi.Connect(ctx, endpoint)
	var failed *engineapi.ConnectError
	switch {
	case errors.As(err, &failed):
		gap := failed.Gap()
		return lookError{gapError(gap)}
	case err != nil:
		return lookError{err}
	}
	return nil
}
