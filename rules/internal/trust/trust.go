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

// Files is the trust that an engine's files may extend: [Engine], and groups
// without members, such as staff, which owns /usr/local on older Debian.
func Files(c *rule.Context, e *snapshot.Engine) access.Trust {
	t := Engine(c, e)
	t.EmptyGroups = empty(c.Host)
	return t
}

// Client is the trust that a user's CLI configuration may extend: root, the
// user, and groups without members.
func Client(c *rule.Context, cl *snapshot.Client) access.Trust {
	return access.Trust{Users: []string{cl.User}, EmptyGroups: empty(c.Host)}
}

// empty are the groups without members. It only takes accusations away, and
// none where the accounts could not be read, so it looks without reading.
func empty(h *snapshot.Host) []string {
	groups, _ := h.EmptyGroups.Peek()
	return groups
}
