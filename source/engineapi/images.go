package engineapi

import (
	"cmp"
	"context"
	"slices"
	"time"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/imageconfig"
)

const getImages = "GET /images/json"

// imageSummary is what is needed of an element of GET /images/json.
type imageSummary struct {
	ID       string `json:"Id"`
	RepoTags []string
	Created  int64 // seconds since 1970
	// RepoDigests are the digests by which registries know it. The store of containerd
	// has one of images that were built, too.
	RepoDigests []string

	identity *imageIdentity // of its own document
}

// imageIdentity is where an image came from.
type imageIdentity struct{ Pull, Build []struct{} }

// imageAnswer is what is needed of GET /images/ID/json.
type imageAnswer struct {
	ID       string `json:"Id"`
	RepoTags []string
	Created  time.Time
	Config   *imageconfig.Config
	RootFS   struct{ Layers []string }
	// Identity is where it came from, as engines from 29 on with containerd's store tell.
	Identity *imageIdentity
}

// notDeep is why the files of an image are not known to the API alone.
var notDeep = snapshot.Gap{Reason: snapshot.ReasonNotCollected, Detail: lang.N("the files of images are read when asked for"), Remedy: lang.N("run with --deep")}

func (c *Client) listImages(ctx context.Context) ([]imageSummary, error) {
	var list []imageSummary
	err := c.get(ctx, "/images/json", &list)
	return list, err
}

// images inspects the images of the list, and tells of the containers where theirs came
// from. One that goes away in between is no subject.
func (c *Client) images(ctx context.Context, list []imageSummary, err error, containers snapshot.Fact[[]snapshot.Container]) snapshot.Fact[[]snapshot.Image] {
	if err != nil {
		addImageOrigin(containers, nil, gapFrom(err))
		return snapshot.Lost[[]snapshot.Image](gapFrom(err), snapshot.At("images", getImages))
	}
	users := usersOfImages(containers)
	found := make([]*snapshot.Image, len(list))
	eachOf(len(list), func(i int) {
		found[i] = c.image(ctx, &list[i])
		if found[i] != nil {
			found[i].UsedBy = users[list[i].ID]
			found[i].Build = c.build(ctx, found[i])
		}
	})
	addImageOrigin(containers, list, unlistedImage)
	out := make([]snapshot.Image, 0, len(found))
	for _, one := range found {
		if one != nil {
			out = append(out, *one)
		}
	}
	slices.SortFunc(out, func(a, b snapshot.Image) int { return cmp.Or(cmp.Compare(a.Name(), b.Name()), cmp.Compare(a.ID, b.ID)) })
	return snapshot.See(out, snapshot.At("images", getImages))
}

// image inspects an image of the list; nil if it went away. What the engine says of where
// it came from is added to the list.
func (c *Client) image(ctx context.Context, s *imageSummary) *snapshot.Image {
	out := newImage(s.ID, s.RepoTags)
	out.Created = snapshot.None[time.Time](snapshot.At("Created", getImages))
	if s.Created > 0 {
		out.Created = snapshot.See(time.Unix(s.Created, 0).UTC(), snapshot.At("Created", getImages))
	}
	var answer imageAnswer
	err := c.get(ctx, "/images/"+escape(s.ID)+"/json", &answer)
	if notFound(err) {
		return nil
	}
	s.identity = answer.Identity
	source := "GET /images/" + out.Name() + "/json"
	if answer.Config == nil && err == nil {
		err = &decodeError{err: errNoConfig}
	}
	if err != nil {
		gap := gapFrom(err)
		imageconfig.Lose(&out, gap, source)
		out.Layers = snapshot.Lost[[]string](gap, snapshot.At("RootFS.Layers", source))
		return &out
	}
	imageconfig.Fill(&out, answer.Config, source)
	out.Layers = snapshot.See(answer.RootFS.Layers, snapshot.At("RootFS.Layers", source))
	return &out
}

// newImage is an image of which nothing has been read.
func newImage(id string, tags []string) snapshot.Image {
	out := snapshot.Image{ID: id, ImageContents: snapshot.LostContents(notDeep, "")}
	out.Bases = snapshot.Lost[[]snapshot.BaseImage](snapshot.NoDockerfile, snapshot.At("FROM", ""))
	for _, tag := range tags {
		if tag != "<none>:<none>" {
			out.Tags = append(out.Tags, tag)
		}
	}
	slices.Sort(out.Tags)
	return out
}

// usersOfImages maps image ids to the names of the containers made from them.
func usersOfImages(f snapshot.Fact[[]snapshot.Container]) map[string][]string {
	containers, _ := f.Peek()
	out := map[string][]string{}
	for i := range containers {
		if id, ok := containers[i].ImageID.Peek(); ok && id != "" {
			out[id] = append(out[id], containers[i].Name)
		}
	}
	return out
}
