package engineapi

import (
	"slices"

	"seawall/lang"
	"seawall/snapshot"
)

// unlistedImage is why it is not known where the image of a container came from.
var unlistedImage = snapshot.Gap{Reason: snapshot.ReasonUnsupported, Detail: lang.N("the engine does not list the image that the container was made from")}

// addImageOrigin tells of each container whether its image was made on this engine; of
// one whose image is not in the list, why that is not known.
func addImageOrigin(containers snapshot.Fact[[]snapshot.Container], list []imageSummary, gap snapshot.Gap) {
	local := map[string]bool{}
	for i := range list {
		local[list[i].ID] = list[i].local()
	}
	all, _ := containers.Peek()
	for i := range all {
		id, _ := all[i].ImageID.Peek()
		at := snapshot.At("RepoDigests", getImages)
		if is, known := local[id]; known {
			all[i].ImageLocal = snapshot.See(is, at)
		} else {
			all[i].ImageLocal = snapshot.Lost[bool](gap, at)
		}
	}
}

// local reports whether an image came from no registry: one that was pulled or pushed has
// a digest, and one that was built, loaded or imported has none (moby, daemon/images).
// Where the engine says itself where it came from, that counts.
func (s *imageSummary) local() bool {
	if s.identity != nil {
		return len(s.identity.Pull) == 0 && len(s.identity.Build) > 0
	}
	return !slices.ContainsFunc(s.RepoDigests, func(d string) bool { return d != "<none>@<none>" })
}
