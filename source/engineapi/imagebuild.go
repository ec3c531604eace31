package engineapi

import (
	"context"
	"fmt"
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

// names are the keys of a set as the API has them, sorted. Of more than the
// bound none are kept.
func names(set map[string]struct{}, path, source string) snapshot.Fact[[]string] {
	if len(set) > maxImageNames {
		return snapshot.Lost[[]string](snapshot.Gap{
			Reason: snapshot.ReasonUnsupported, Detail: fmt.Sprintf("there are %d, and at most %d are read", len(set), maxImageNames),
		}, snapshot.At(path, source))
	}
	return snapshot.See(slices.Sorted(maps.Keys(set)), snapshot.At(path, source))
}
