package engine

import (
	"slices"
	"strconv"
	"strings"

	"seawall/rule"
	"seawall/snapshot"
)

// olderThan reports whether the engine is of a release before the given major
// one; not where its version is not known or not understood, and then the check
// can no longer pass.
func olderThan(c *rule.Context, e *snapshot.Engine, major int) bool {
	version, _ := e.Version.Try(c)
	first, _, _ := strings.Cut(version, ".")
	n, err := strconv.Atoi(first)
	if err != nil {
		missed(c, e.Version.Origin(), "version "+strconv.Quote(version)+" of the engine is not understood")
		return false
	}
	return n < major
}

// release is a release of the engine: major, minor and patch number.
type release [3]uint64

// parseRelease reads the version of a release as its makers number it. What a
// distribution adds, as in 28.5.2+dfsg4, says that it may hold mends of its own:
// such a version is not one.
func parseRelease(version string) (r release, ok bool) {
	parts := strings.Split(version, ".")
	if len(parts) != len(r) {
		return r, false
	}
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 64)
		if err != nil {
			return r, false
		}
		r[i] = n
	}
	return r, true
}

// before compares two releases.
func (r release) before(other release) bool {
	return slices.Compare(r[:], other[:]) < 0
}
