package engineapi

import (
	"context"
	"slices"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/imagehistory"
)

// build reads the history of an image that containers use. Of others nothing
// depends on it, and engines may hold thousands.
func (c *Client) build(ctx context.Context, i *snapshot.Image) snapshot.Fact[[]snapshot.BuildRemark] {
	source := "GET /images/" + i.Name() + "/history"
	if len(i.UsedBy) == 0 && !i.Asked {
		return snapshot.Lost[[]snapshot.BuildRemark](snapshot.Gap{
			Reason: snapshot.ReasonNotCollected, Detail: lang.N("the history is read of images that containers use"),
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
