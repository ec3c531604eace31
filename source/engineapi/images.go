package engineapi

import (
	"cmp"
	"context"
	"slices"
	"time"

	"seawall/snapshot"
)

const getImages = "GET /images/json"

// imageSummary is what is needed of an element of GET /images/json.
type imageSummary struct {
	ID       string `json:"Id"`
	RepoTags []string
	Created  int64 // seconds since 1970
}

// imageAnswer is what is needed of GET /images/ID/json.
type imageAnswer struct {
	Config *struct {
		User        string
		Env         []string
		Healthcheck *struct{ Test []string }

		ExposedPorts, Volumes map[string]struct{}
		Labels                map[string]string
	}
	RootFS struct{ Layers []string }
}

// notDeep is why the files of an image are not known to the API alone.
var notDeep = snapshot.Gap{Reason: snapshot.ReasonNotCollected, Detail: "the files of images are read when asked for", Remedy: "run with --deep"}

func (c *Client) listImages(ctx context.Context) ([]imageSummary, error) {
	var list []imageSummary
	err := c.get(ctx, "/images/json", &list)
	return list, err
}

// images inspects the images of the list. One that goes away in between is no
// subject.
func (c *Client) images(ctx context.Context, list []imageSummary, err error, containers snapshot.Fact[[]snapshot.Container]) snapshot.Fact[[]snapshot.Image] {
	if err != nil {
		return snapshot.Lost[[]snapshot.Image](gapFrom(err), snapshot.At("images", getImages))
	}
	users := usersOfImages(containers)
	found := make([]*snapshot.Image, len(list))
	eachOf(len(list), func(i int) {
		found[i] = c.image(ctx, list[i])
		if found[i] != nil {
			found[i].UsedBy = users[list[i].ID]
			found[i].Build = c.build(ctx, found[i])
		}
	})
	out := make([]snapshot.Image, 0, len(found))
	for _, one := range found {
		if one != nil {
			out = append(out, *one)
		}
	}
	slices.SortFunc(out, func(a, b snapshot.Image) int { return cmp.Or(cmp.Compare(a.Name(), b.Name()), cmp.Compare(a.ID, b.ID)) })
	return snapshot.See(out, snapshot.At("images", getImages))
}

func (c *Client) image(ctx context.Context, s imageSummary) *snapshot.Image {
	out := snapshot.Image{ID: s.ID, ImageContents: snapshot.LostContents(notDeep, "")}
	for _, tag := range s.RepoTags {
		if tag != "<none>:<none>" {
			out.Tags = append(out.Tags, tag)
		}
	}
	slices.Sort(out.Tags)
	out.Created = snapshot.None[time.Time](snapshot.At("Created", getImages))
	if s.Created > 0 {
		out.Created = snapshot.See(time.Unix(s.Created, 0).UTC(), snapshot.At("Created", getImages))
	}
	var answer imageAnswer
	err := c.get(ctx, "/images/"+escape(s.ID)+"/json", &answer)
	if notFound(err) {
		return nil
	}
	source := "GET /images/" + out.Name() + "/json"
	if answer.Config == nil && err == nil {
		err = &decodeError{err: errNoConfig}
	}
	if err != nil {
		gap := gapFrom(err)
		out.User = snapshot.Lost[string](gap, snapshot.At("Config.User", source))
		out.Env = snapshot.Lost[[]snapshot.EnvVar](gap, snapshot.At("Config.Env", source))
		out.Health = snapshot.Lost[bool](gap, snapshot.At("Config.Healthcheck", source))
		out.Labels = snapshot.Lost[map[string]string](gap, snapshot.At("Config.Labels", source))
		out.Exposed = snapshot.Lost[[]string](gap, snapshot.At("Config.ExposedPorts", source))
		out.Volumes = snapshot.Lost[[]string](gap, snapshot.At("Config.Volumes", source))
		out.Layers = snapshot.Lost[[]string](gap, snapshot.At("RootFS.Layers", source))
		return &out
	}
	var env []snapshot.EnvVar
	for _, assignment := range answer.Config.Env {
		env = append(env, snapshot.RedactEnv(assignment))
	}
	check := answer.Config.Healthcheck
	out.User = snapshot.See(answer.Config.User, snapshot.At("Config.User", source))
	out.Env = snapshot.See(env, snapshot.At("Config.Env", source))
	out.Health = snapshot.See(check != nil && len(check.Test) > 0 && check.Test[0] != "NONE", snapshot.At("Config.Healthcheck", source))
	out.Labels = snapshot.See(snapshot.RedactLabels(answer.Config.Labels), snapshot.At("Config.Labels", source))
	out.Exposed = names(answer.Config.ExposedPorts, "Config.ExposedPorts", source)
	out.Volumes = names(answer.Config.Volumes, "Config.Volumes", source)
	out.Layers = snapshot.See(answer.RootFS.Layers, snapshot.At("RootFS.Layers", source))
	return &out
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
