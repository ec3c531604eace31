package advice

import (
	"seawall/observation"
	"seawall/snapshot"
)

// SeenOf is what was seen of a container: under its id, and of those that were there
// before it under the same name and image, or as the same service of a Compose project,
// on this host. It is nil if there is nothing.
func SeenOf(o *observation.Observation, host string, c *snapshot.Container) *observation.Container {
	if o == nil {
		return nil
	}
	var out *observation.Container
	for i := range o.Containers {
		x := &o.Containers[i]
		if (x.ID == "" || x.ID != c.ID) && (o.Host.Name != host || !sameWorkload(x, c)) {
			continue
		}
		if out == nil {
			out = x
			continue
		}
		out = new(observation.Join(*out, *x))
	}
	return out
}

// sameWorkload reports whether a container was made for the same purpose, from the same
// image.
func sameWorkload(x *observation.Container, c *snapshot.Container) bool {
	image, _ := c.Image.Peek()
	if image == "" || x.Image != image {
		return false
	}
	if c.Service != "" {
		return x.Service == c.Service && x.Project == c.Project
	}
	return x.Name == c.Name && x.Service == ""
}
