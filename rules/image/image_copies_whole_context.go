package image

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func copiesWholeContext() historyRule {
	return historyRule{
		id: "image-copies-whole-context", title: "An image gets the whole directory that it is built in", severity: rule.Low, dockerfile: true,
		why: "Without an ignore file COPY . takes everything that lies there on the day of the build: the history of the repository, .env files, keys, backups. " +
			"Nobody chose them, and whoever can pull the image has them.",
		fix: rule.Fix{
			Text:   "Copy what the program needs, or say in .dockerignore what is left out; best all, and then what is wanted.",
			Shell:  "printf '*\\n!src\\n!package*.json\\n' > .dockerignore",
			Breaks: "Builds that rely on a file that is left out now.",
		},
		refs: rule.Refs{
			CISRelated: "4.10", NIST: "4.1.4", ATTACK: "T1552.001", Guide: "G25", Docs: "Build context",
		},
		kinds:   []snapshot.BuildKind{snapshot.BuildContext},
		unseen:  snapshot.BuildContextUnseen,
		finding: lang.N("it gets all of the build context, and no ignore file leaves anything out"), absent: lang.N("it gets no build context of which nothing is left out"),
		bad:  []buildStep{{"COPY . /srv", snapshot.BuildContext, `"."`}},
		good: []buildStep{{"COPY src /srv", "", ""}},
	}
}
