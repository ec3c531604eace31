// Package trust says who may control an engine or a client by right.
package trust

import (
	"seawall/access"
	"seawall/rule"
	"seawall/snapshot"
)

// Engine is the trust that an engine's sockets may extend: root, and for a
// rootless engine the user whose it is. It reads facts, so a check that cannot
// tell ends as unknown.
func Engine(c *rule.Context, e *snapshot.Engine) access.Trust {
	if !e.Settings.Rootless.Read(c) {
		return access.Trust{}
	}
	process := e.Daemon.Process.Read(c)
	return access.Trust{UIDs: []int{process.UID}, Users: []string{process.User}}
}

// Client is the trust that a user's CLI configuration may extend: root and the
// user.
func Client(cl *snapshot.Client) access.Trust {
	return access.Trust{Users: []string{cl.User}}
}

// Grants are the grants that find lists for the file, those of groups without
// members left out, such as staff, which owns /usr/local on older Debian. Where
// it could not be read who is in a group, grants of groups are left out and
// recorded as missed.
func Grants(c *rule.Context, find func(snapshot.File, access.Trust) []access.Grant, f snapshot.File, t access.Trust) []access.Grant {
	empty, known := c.Host.EmptyGroups.Peek()
	t.EmptyGroups = empty
	grants := find(f, t)
	if known {
		return grants
	}
	t.NoGroups = true
	sure := find(f, t)
	if len(sure) < len(grants) {
		c.Host.EmptyGroups.Try(c)
	}
	return sure
}
