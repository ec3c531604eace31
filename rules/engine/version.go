package engine

import (
	"strconv"
	"strings"

	"seawall/lang"
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
		missed(c, e.Version.Origin(), lang.Sprintf("version %q of the engine is not understood", version))
		return false
	}
	return n < major
}
