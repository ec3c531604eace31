package image

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func credentialsInside() *rule.Rule {
	return &rule.Rule{
		ID:       "image-credentials-inside",
		Title:    "An image holds credentials where programs keep them",
		Severity: rule.Medium,
		Deep:     true,
		Why: "Files such as .aws/credentials, .netrc or .npmrc come into an image when a build copies a home directory or logs in somewhere. " +
			"Whoever can pull the image has them; a later layer that removes the file hides it only.",
		Fix: rule.Fix{
			Text:    "Take the credentials for known and replace them. Keep the files out of the build with .dockerignore, and mount what a step needs as a build secret.",
			Shell:   "RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci   # in the Dockerfile",
			Run:     "-v /srv/secrets/aws:/root/.aws:ro",
			Compose: "services:\n  web:\n    secrets: [aws]\nsecrets:\n  aws: {file: ./aws-credentials}",
			Breaks:  "Programs of the image that read the file: mount it.",
		},
		Refs: rule.Refs{CISRelated: "4.10", NIST: "4.1.4", ATTACK: "T1552.001", Guide: "G25", Docs: "Build secrets", Peers: "CIS-DI-0010"},
		Bad: []rule.Example{
			holding(snapshot.ImageSecret{Path: "/root/.aws/credentials", Kind: snapshot.SecretCredentials, What: "AWS credentials", Layer: 3}),
			holding(snapshot.ImageSecret{Path: "/app/.env", Kind: snapshot.SecretCredentials, What: "secrets in variables", Layer: 4, Removed: true}),
		},
		Good: []rule.Example{holding(), holding(snapshot.ImageSecret{Path: "/srv/ca.key", Kind: snapshot.SecretKey, What: "private key", Layer: 2})},
		Image: func(c *rule.Context, i *snapshot.Image) rule.Answer {
			return checkSecretFiles(c, i, lang.T("it holds credentials"), snapshot.SecretCredentials)
		},
	}
}
