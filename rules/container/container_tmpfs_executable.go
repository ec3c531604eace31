package container

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func tmpfsExecutable() *rule.Rule {
	return &rule.Rule{
		ID:       "container-tmpfs-executable",
		Title:    "A container with a read-only root can run what it writes",
		Severity: rule.Low,
		Why: "The read-only root keeps an attacker from bringing programs along. A tmpfs with the option exec is a place where they can be written and run all the same; " +
			"the engine's default for tmpfs is noexec.",
		Fix: rule.Fix{
			Text:    "Leave the option exec out.",
			Run:     "instead of --tmpfs /tmp:exec: --tmpfs /tmp",
			Compose: "services:\n  web:\n    tmpfs: [/tmp]   # instead of /tmp:exec",
			Breaks:  "Programs that unpack and run code there, such as some Java libraries: give them a directory of their own in the image.",
			Edits:   rule.Edits{Do: []rule.Edit{withoutExec()}},
		},
		Refs: rule.Refs{NIST: "4.4.4", ATTACK: "T1105", Guide: "G25", Docs: "tmpfs mounts", Peers: "CL-0022"},
		Bad:  []rule.Example{{Run: "docker run --read-only --tmpfs /tmp:rw,exec alpine"}},
		Good: []rule.Example{
			{Run: "docker run --read-only --tmpfs /tmp alpine"},
			{Run: "docker run --read-only --tmpfs /tmp:exec,noexec --tmpfs /x:ro,exec alpine"},
		},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			var paths []string
			for _, m := range ctr.Mounts.Read(c) {
				if m.Type == "tmpfs" && m.Exec && !m.ReadOnly {
					paths = append(paths, m.Destination)
				}
			}
			if len(paths) == 0 {
				return c.Pass("it has no tmpfs from which programs may be run")
			}
			if !ctr.ReadonlyRootfs.Read(c) {
				return c.NotApplicable("its root is writable, which container-rootfs-writable reports")
			}
			text := lang.Comma(paths)
			c.Cite(ctr.Mounts.Origin(), text+" (tmpfs, exec)")
			return c.Fail("it can write programs to %s and run them%s", text, life(ctr))
		},
	}
}
