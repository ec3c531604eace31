package engineapi

import "context"

// Listed is what the engine's list tells of a container.
type Listed struct {
	ID, Name, Image, ImageID string
	Labels                   map[string]string
}

// List names all containers, also those that are created or have ended. It inspects
// none, and takes a few milliseconds.
func (c *Client) List(ctx context.Context) ([]Listed, error) {
	var list []struct {
		containerSummary
		Image, ImageID string
		Labels         map[string]string
	}
	if err := c.get(ctx, "/containers/json?all=1", &list); err != nil {
		return nil, err
	}
	out := make([]Listed, len(list))
	for i, s := range list {
		out[i] = Listed{ID: s.ID, Name: s.name(), Image: s.Image, ImageID: s.ImageID, Labels: s.Labels}
	}
	return out, nil
}
