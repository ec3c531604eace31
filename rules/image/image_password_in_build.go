package image

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func passwordInBuild() historyRule {
	return historyRule{
		id: "image-password-in-build", title: "The build of an image sets a user's password", severity: rule.Medium,
		why: "Every container of the image has the same password. Its hash lies in /etc/shadow of the image, and what set it mostly stands in the history; " +
			"with su, sudo or an ssh server it makes root of whoever knows it. An empty password needs no knowing.",
		fix: rule.Fix{
			Text:   "Set none: a container needs no login. Who works in one uses docker exec.",
			Shell:  "RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin app   # in the Dockerfile",
			Breaks: "Whoever logs in with the password.",
		},
		refs: rule.Refs{
			CISRelated: "4.10", NIST: "4.1.4", ATTACK: "T1078.001 T1552.001", Guide: "G25", Docs: "Build secrets",
			Peers: "CKV2_DOCKER_17",
		},
		kinds:   []snapshot.BuildKind{snapshot.BuildPassword},
		finding: lang.N("its build sets a password"), absent: lang.N("no step of its build is seen to set a password"),
		bad:  []buildStep{{"RUN echo root:toor | chpasswd", snapshot.BuildPassword, "chpasswd"}},
		good: []buildStep{{"RUN useradd --uid 10001 app", "", ""}},
	}
}
