package container

import (
	"seawall/hostpath"
	"seawall/rule"
	"seawall/snapshot"
)

func mountPropagationShared() *rule.Rule {
	return &rule.Rule{
		ID:       "container-mount-propagation-shared",
		Title:    "Mounts made in a container appear on the host",
		Severity: rule.Medium,
		Confined: rule.Low,
		Why: "With shared propagation a mount that the container makes below the mounted directory appears on the host and in other containers. " +
			"A container that may mount can so lay files of its own over those that others trust.",
		Fix: rule.Fix{
			Text:    "Use private propagation, the default; rslave where the container must see mounts that the host makes later.",
			Run:     "-v /srv/data:/data:rslave",
			Compose: "services:\n  web:\n    volumes:\n      - type: bind\n        source: /srv/data\n        target: /data\n        bind: {propagation: rslave}",
			Breaks:  "Storage drivers that mount for others, such as CSI plugins: those need it.",
			Edits:   rule.Edits{Do: []rule.Edit{privatePropagation()}},
		},
		Refs: rule.Refs{CIS: "5.20", NIST: "4.4.3", ATTACK: "T1611", Guide: "G25", Docs: "Bind mounts", Peers: "kics:baa452f0 CL-0017"},
		Bad: []rule.Example{
			{Run: "docker run -v /srv/data:/data:shared alpine"},
			{Run: "docker run --mount type=bind,src=/srv/data,dst=/data,bind-propagation=rshared alpine"},
		},
		Good: []rule.Example{{Run: "docker run -v /srv/data:/data:rslave alpine"}, {Run: "docker run -v /srv/data:/data alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			for _, m := range ctr.Mounts.Read(c) {
				if m.Propagation == "shared" || m.Propagation == "rshared" {
					citing(hostpath.Mounted{Source: m.Source, Destination: m.Destination, ReadOnly: m.ReadOnly, Origin: ctr.Mounts.Origin()})(c)
					return c.Fail("what it mounts below %s appears on the host below %s (propagation %s)%s", m.Destination, m.Source, m.Propagation, life(ctr))
				}
			}
			return c.Pass("no mount propagates to the host")
		},
	}
}
