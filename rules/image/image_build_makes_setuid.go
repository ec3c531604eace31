package image

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func buildMakesSetuid() historyRule {
	return historyRule{
		id: "image-build-makes-setuid", title: "The build of an image makes a program run as its owner", severity: rule.Low,
		why: "A setuid program runs as its owner, mostly root, whoever starts it. One that a build makes so is not looked after by a distribution: " +
			"a flaw in it, or an option that starts another program, gives root in the container to every user of it.",
		fix: rule.Fix{
			Text:    "Leave the bit off. A program that needs one right gets that as a capability; one that needs root runs in a container of its own.",
			Run:     "--security-opt no-new-privileges   # the bit means nothing then",
			Compose: "services:\n  web:\n    security_opt: [\"no-new-privileges:true\"]",
			Shell:   "RUN setcap cap_net_bind_service=+ep /usr/local/bin/app   # in the Dockerfile",
			Breaks:  "Users of the container that start the program for its rights.",
		},
		refs: rule.Refs{CISRelated: "4.8", NIST: "4.1.2", ATTACK: "T1548.001", Guide: "G17", Docs: "Building best practices", Peers: "CIS-DI-0008"},

		kinds:   []snapshot.BuildKind{snapshot.BuildSetID},
		finding: lang.N("its build makes programs run as their owner"), absent: lang.N("no step of its build is seen to make a program run as its owner"),
		bad:  []buildStep{{"RUN chmod u+s /usr/local/bin/backup", snapshot.BuildSetID, "chmod u+s /usr/local/bin/backup"}},
		good: []buildStep{{"RUN chmod 755 /usr/local/bin/backup", "", ""}},
	}
}
