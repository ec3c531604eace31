package engineapi

import (
	"context"
	"maps"
	"slices"

	"seawall/snapshot"
	"seawall/source/imagehistory"
)

// maxImageNames bounds the ports and volumes of an image.
const maxImageNames = 256

// build reads the history of an image that containers use. Of others nothing
// depends on it, and engines may hold thousands.
func (c *Client) build(ctx context.Context, i *snapshot.Image) snapshot.Fact[[]snapshot.BuildRemark] {
	source := "GET /images/" + i.Name() + "/history"
	if len(i.UsedBy) == 0 {
		return snapshot.Lost[[]snapshot.BuildRemark](snapshot.Gap{
			Reason: snapshot.ReasonNotCollected, Detail: "the history is read of images that containers use",
		}, snapshot.At("history", source))
	}
	var steps []struct{ CreatedBy string }
	err := c.get(ctx, "/images/"+escape(i.ID)+"/history", &steps)
	texts := make([]string, 0, len(steps))
	for _, s := range slices.Backward(steps) { // the newest comes first
		texts = append(texts, s.CreatedBy)
	}
	return read(imagehistory.Remarks(texts), err, "history", source)
}

// names are the keys of a set as the API has them, sorted.
func names(set map[string]struct{}) []string {
	list := slices.Sorted(maps.Keys(set))
	return list[:min(len(list), maxImageNames)]
}
