package image

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func packagesFromExtraIndex() historyRule {
	return historyRule{
		id: "image-packages-from-extra-index", title: "The build of an image looks for Python packages in two places", severity: rule.Low,
		why: "With an extra index pip takes the highest version that any of them has. Who publishes a package with the name of an internal one " +
			"and a high version has it installed, and run, in place of the right one.",
		fix: rule.Fix{
			Text:   "Name one index that has everything, as a proxy of both, or pin the packages with their hashes.",
			Shell:  "RUN pip install --index-url https://pypi.example/simple --require-hashes -r requirements.txt   # in the Dockerfile",
			Breaks: "Packages that the one index does not have.",
		},
		refs: rule.Refs{
			NIST: "4.1.5", ATTACK: "T1195.002", Guide: "G25", Docs: "Building best practices",
			Peers: "semgrep:dockerfile-pip-extra-index-url",
		},
		kinds:   []snapshot.BuildKind{snapshot.BuildExtraIndex},
		finding: lang.N("its build takes packages from one more index"), absent: lang.N("no step of its build is seen to take packages from one more index"),
		bad: []buildStep{
			{"RUN pip install --extra-index-url https://pypi.example/simple app", snapshot.BuildExtraIndex, "pip --extra-index-url"},
			{"ENV PIP_EXTRA_INDEX_URL=https://pypi.example/simple", snapshot.BuildExtraIndex, "PIP_EXTRA_INDEX_URL"},
		},
		good: []buildStep{{"RUN pip install --index-url https://pypi.example/simple app", "", ""}},
	}
}
