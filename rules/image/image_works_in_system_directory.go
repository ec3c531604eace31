package image

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func worksInSystemDirectory() historyRule {
	return historyRule{
		id: "image-works-in-system-directory", title: "An image works in a directory of its system", severity: rule.Low,
		why: "What is copied or written with a relative path lands among the programs, libraries and settings of the image and may replace them. " +
			"A program that may write to its working directory can change what root runs.",
		fix: rule.Fix{
			Text:   "Give the application a directory of its own.",
			Shell:  "WORKDIR /srv/app   # in the Dockerfile",
			Breaks: "Relative paths that lead into the system directory.",
		},
		refs: rule.Refs{
			NIST: "4.1.2", ATTACK: "T1554", Guide: "G25", Docs: "Dockerfile reference",
			Peers: "DS-0030",
		},
		kinds:   []snapshot.BuildKind{snapshot.BuildWorkdir},
		finding: lang.N("its build works in a directory of the system"), absent: lang.N("no step of its build is seen to work in a directory of the system"),
		bad:  []buildStep{{"WORKDIR /usr/bin", snapshot.BuildWorkdir, "/usr/bin"}},
		good: []buildStep{{"WORKDIR /srv/app", "", ""}},
	}
}
