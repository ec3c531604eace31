// Package trust says who may control an engine by right.
package trust

import (
	"seawall/access"
	"seawall/rule"
	"seawall/snapshot"
)

// Engine is the trust that an engine's files and sockets may extend: root, and
// for a rootless engine the user whose it is. It reads facts, so a check that
// cannot tell ends as unknown.
func Engine(c *rule.Context, e *snapshot.Engine) access.Trust {
	if !e.Settings.Rootless.Read(c) {
		return access.Trust{}
	}
	process := e.Daemon.Process.Read(c)
	return access.Trust{UIDs: []int{process.UID}, Users: []string{process.User}}
}
