package engineapi

import (
	"context"
	"fmt"
	"strings"
	"time"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/imageconfig"
)

// ErrNoImage is that the engine holds no image of a name.
var ErrNoImage = lang.Sentinel("the engine holds no such image: pull or build it first")

// NamedImage reads one image that the engine holds, by its name or id: configuration and
// history, not its files.
func (c *Client) NamedImage(ctx context.Context, ref string) (snapshot.Image, error) {
	var answer imageAnswer
	err := c.get(ctx, "/images/"+escapePath(ref)+"/json", &answer)
	switch {
	case notFound(err):
		return snapshot.Image{}, ErrNoImage
	case err != nil:
		return snapshot.Image{}, err
	case answer.Config == nil || answer.ID == "":
		return snapshot.Image{}, fmt.Errorf("GET /images/%s/json: %w", ref, &decodeError{err: errNoConfig})
	}
	out := newImage(answer.ID, nil)
	out.Asked, out.Tags = true, []string{ref}
	source := "GET /images/" + ref + "/json"
	out.Created = snapshot.None[time.Time](snapshot.At("Created", source))
	if !answer.Created.IsZero() {
		out.Created = snapshot.See(answer.Created.UTC(), snapshot.At("Created", source))
	}
	imageconfig.Fill(&out, answer.Config, source)
	out.Layers = snapshot.See(answer.RootFS.Layers, snapshot.At("RootFS.Layers", source))
	out.Build = c.build(ctx, &out)
	return out, nil
}

// escapePath makes a name safe in a path, whose slashes stay.
func escapePath(name string) string { return strings.ReplaceAll(escape(name), "%2F", "/") }
