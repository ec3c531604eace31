package imagecontent

import (
	"io"
	"slices"
	"strings"

	"seawall/snapshot"
)

// maxSecret bounds a file that may hold a secret. Bundles of certificates have
// some 200 KiB.
const maxSecret = 1 << 20

// readSecrets reads the file if its name and place say that it may hold a
// secret. Only what it holds is kept, not the secret.
func (e *entry) readSecrets(r io.Reader, head headFunc) {
	if !mayHoldSecret(e.path) || e.file.Size == 0 {
		return
	}
	data, err := head.whole(e.path, r, maxSecret)
	if err != nil {
		e.note(snapshot.SecretUnread, err.Error())
		return
	}
	if mayHoldKey(e.path) {
		if kind, what := keyIn(data); kind != "" {
			e.note(kind, what)
		}
	}
	if credentials := credentialsAt(e.path); credentials != nil && credentials.in(data) {
		e.note(snapshot.SecretCredentials, credentials.what)
	}
}

// mayHoldSecret reports whether a file is to be looked into.
func mayHoldSecret(p string) bool {
	return (mayHoldKey(p) || credentialsAt(p) != nil) && !sample(p)
}

func (e *entry) note(kind snapshot.SecretKind, what string) {
	e.secrets = append(e.secrets, snapshot.ImageSecret{Path: e.file.Path, Kind: kind, What: what})
}

// sampleNames are directories of tests and documentation: keys in them open
// nothing.
var sampleNames = []string{
	"test", "tests", "testing", "testdata", "test-data", "test_data", "__tests__", "fixture", "fixtures", "spec", "specs",
	"example", "examples", "sample", "samples", "demo", "demos", "doc", "docs", "man", "testcerts",
}

// sample reports whether a path lies among tests, examples or documentation.
func sample(p string) bool {
	parts := strings.Split(strings.ToLower(p), "/")
	return slices.ContainsFunc(parts[:len(parts)-1], func(part string) bool { return slices.Contains(sampleNames, part) })
}
