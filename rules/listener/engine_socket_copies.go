package listener

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func socketCopies() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-socket-copies",
		Title:    "The engine's socket is mounted at further places of the host",
		Severity: rule.Medium,
		Why: "A bind mount of the socket, into a chroot or a service's directory, is the same door under another name. " +
			"Closing the directory of the first does not close the second, and whoever is confined to that directory has it inside.",
		Fix: rule.Fix{
			Text:   "Unmount the copies that nobody needs.",
			Shell:  "sudo umount /path/of/the/copy   # and remove it from /etc/fstab or the unit's BindPaths=",
			Breaks: "Programs that use the engine by that path.",
		},
		Refs: rule.Refs{CISRelated: "3.16", NIST: "4.5.4", ATTACK: "T1611", Guide: "G3", Docs: "Docker daemon attack surface"},
		Bad: []rule.Example{{Show: "mount --bind /run/docker.sock /srv/chroot/docker.sock", Facts: listener(0, func(l *snapshot.Listener) {
			example.Set(&l.Copies, []string{"/srv/chroot/docker.sock"})
		})}},
		Good:     []rule.Example{{Show: "no further mounts", Facts: func(*snapshot.Snapshot) {}}},
		Listener: onSocket(checkSocketCopies),
	}
}

func checkSocketCopies(c *rule.Context, l *snapshot.Listener) rule.Answer {
	if copies := l.Copies.Read(c); len(copies) > 0 {
		return c.Fail("%s can also be reached at %s", l.Address, lang.Comma(copies))
	}
	return c.Pass("%s is mounted nowhere else", l.Address)
}
