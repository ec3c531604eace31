package cond

import (
	"strings"

	"seawall/attack"
	"seawall/attack/steps/change"
)

// This file has the condition about the image that a container is made from.

// NamedByTag: the image is named by what may mean another tomorrow.
func NamedByTag() *attack.Cond {
	return &attack.Cond{
		Says: "its image is named by a tag",
		Ask: func(q *attack.Query) attack.Truth {
			image, known := q.Container.Image.Try(q)
			if !known {
				return attack.Unknown
			}
			return attack.Sure(!strings.Contains(image, "@") && !strings.HasPrefix(image, "sha256:"))
		},
		Ends: func(q *attack.Query) []attack.Change {
			return q.Changes(change.OnContainer(q, change.PinImage, ""))
		},
	}
}
