package image

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func buildArgumentForSecret() historyRule {
	return historyRule{
		id: "image-build-argument-for-secret", title: "The build of an image takes a secret as an argument", severity: rule.Low,
		why: "What is given with --build-arg is kept in the history of the image with each RUN that could read it, and in the provenance that builders attach. " +
			"Whoever builds as the Dockerfile asks gives the secret to everyone who can pull the image.",
		fix: rule.Fix{
			Text:    "Take it as a build secret, which is mounted for one step and kept nowhere.",
			Shell:   "RUN --mount=type=secret,id=npm_token,env=NPM_TOKEN npm ci   # in the Dockerfile; docker build --secret id=npm_token,env=NPM_TOKEN .",
			Compose: "services:\n  web:\n    build: {context: ., secrets: [npm_token]}\nsecrets:\n  npm_token: {environment: NPM_TOKEN}",
			Breaks:  "Builds that give it with --build-arg.",
		},
		refs: rule.Refs{
			CISRelated: "4.10", NIST: "4.1.4", ATTACK: "T1552.001", Guide: "G25", Docs: "Build secrets",
			Peers: "DS-0031 DL3064 semgrep:secret-in-build-arg",
		},
		kinds:   []snapshot.BuildKind{snapshot.BuildSecretArg},
		finding: lang.N("its build takes as an argument what by its name is a secret"), absent: lang.N("no argument of its build has the name of a secret"),
		bad:  []buildStep{{"ARG NPM_TOKEN", snapshot.BuildSecretArg, "NPM_TOKEN"}},
		good: []buildStep{{"RUN --mount=type=secret,id=npm_token npm ci", "", ""}},
	}
}
