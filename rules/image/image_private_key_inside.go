package image

import (
	"slices"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func privateKeyInside() *rule.Rule {
	return &rule.Rule{
		ID:       "image-private-key-inside",
		Title:    "An image holds a private key",
		Severity: rule.Medium,
		Deep:     true,
		Why: "Whoever can pull the image has the key, and so does every container of it. A later layer that removes it hides it only. " +
			"Host keys of ssh and certificates that packages make at their installation are the same in all copies: each can pose as the others.",
		Fix: rule.Fix{
			Text:    "Take the key for known and replace it. Give keys to containers as files when they start; make host keys then, too.",
			Run:     "-v /srv/secrets/tls.key:/run/secrets/tls.key:ro",
			Compose: "services:\n  web:\n    secrets: [tls]\nsecrets:\n  tls: {file: ./tls.key}",
			Shell:   "RUN --mount=type=secret,id=key,target=/root/.ssh/id_ed25519 git clone git@git.example:app   # in the Dockerfile, for a key of the build",
			Breaks:  "What relies on the key until it has the new one.",
		},
		Refs: rule.Refs{CISRelated: "4.10", NIST: "4.1.4", ATTACK: "T1552.004", Guide: "G25", Docs: "Build secrets"},
		Bad: []rule.Example{
			holding(snapshot.ImageSecret{Path: "/root/.ssh/id_rsa", Kind: snapshot.SecretKey, What: "RSA private key", Layer: 3}),
			holding(snapshot.ImageSecret{Path: "/srv/tls.key", Kind: snapshot.SecretKey, What: "private key", Layer: 2, Removed: true}),
			holding(snapshot.ImageSecret{Path: "/srv/ca.key", Kind: snapshot.SecretEncryptedKey, What: "private key", Layer: 2}),
		},
		Good: []rule.Example{holding(), holding(snapshot.ImageSecret{Path: "/root/.netrc", Kind: snapshot.SecretCredentials, What: "passwords of hosts", Layer: 2})},
		Image: func(c *rule.Context, i *snapshot.Image) rule.Answer {
			return checkSecretFiles(c, i, lang.T("it holds a private key"), snapshot.SecretKey, snapshot.SecretEncryptedKey)
		},
	}
}

// checkSecretFiles fails for files of some kinds. The last kind is worth less.
func checkSecretFiles(c *rule.Context, i *snapshot.Image, finding string, kinds ...snapshot.SecretKind) rule.Answer {
	if a, done := unread(c, i, i.SecretFiles); done {
		return a
	}
	var texts []string
	closed := true
	secrets, _ := i.SecretFiles.Look(c)
	for _, s := range secrets {
		if s.Kind == snapshot.SecretUnread {
			c.Missed(i.SecretFiles.Origin(), snapshot.Gap{
				Reason: snapshot.ReasonFailed, Detail: lang.Sprintf("%s may hold a secret and could not be read: %s", s.Path, s.What),
				Remedy: lang.T("run as root, or look at the file"),
			})
		}
		if !slices.Contains(kinds, s.Kind) {
			continue
		}
		closed = closed && s.Kind == snapshot.SecretEncryptedKey
		what := lang.T(s.What)
		if s.Removed {
			what = lang.Sprintf("%s, removed by a later layer and still in the image", what)
		}
		texts = append(texts, lang.Bracket(s.Path, what))
	}
	if len(texts) == 0 {
		return c.Pass("none of its files is known to hold such a secret")
	}
	c.Cite(i.SecretFiles.Origin(), list(texts))
	if closed {
		return c.FailAs(rule.Low, "it opens with its passphrase only", "%s: %s", finding, list(texts))
	}
	return c.Fail("%s: %s", finding, list(texts))
}

func holding(secrets ...snapshot.ImageSecret) rule.Example {
	show := "an image without a key"
	if len(secrets) > 0 {
		show = "an image with " + secrets[0].Path + ", " + secrets[0].What
	}
	return inside(show, "docker run alpine", func(i *snapshot.ImageContents) { example.Set(&i.SecretFiles, secrets) })
}
