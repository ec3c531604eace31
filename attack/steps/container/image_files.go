package container

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/lang"
	"seawall/rule/example"
	"seawall/snapshot"
)

// This file has what steps about the files of images share.

// imageUnknown is the instance of a container whose image is not known.
func imageUnknown(q *attack.Query) []attack.Instance {
	return append(q.Instances(), attack.Instance{Unknown: true, Missing: cond.Undecided(q.Container.Image.Origin(), lang.T("its image is not among the engine's"), lang.T("audit it together with its image"))})
}

func setID(c *snapshot.ImageContents) *snapshot.Fact[[]snapshot.ImageFile] { return &c.SetIDFiles }

func capable(c *snapshot.ImageContents) *snapshot.Fact[[]snapshot.ImageFile] {
	return &c.CapabilityFiles
}

func opened(c *snapshot.ImageContents) *snapshot.Fact[[]snapshot.ImageFile] { return &c.OpenFiles }

// imageFiles gives the example's image a file of a kind.
func imageFiles(kind func(*snapshot.ImageContents) *snapshot.Fact[[]snapshot.ImageFile], file snapshot.ImageFile) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		images, _ := s.Engines[0].Images.Peek()
		example.Add(kind(&images[0].ImageContents), file)
	}
}
