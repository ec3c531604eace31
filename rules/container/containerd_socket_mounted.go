package container

import (
	"seawall/rule"
	"seawall/snapshot"
)

func containerdSocketMounted() *rule.Rule {
	return &rule.Rule{
		ID:       "containerd-socket-mounted",
		Title:    "A container has containerd's socket inside",
		Severity: rule.Critical,
		Confined: rule.High,
		Why: "containerd starts the engine's containers and asks nobody who calls. " +
			"A program that can connect to its socket can start a container with all of the host inside, past the engine and its authorization plugins and logs. " +
			"A read-only mount changes nothing.",
		Fix: rule.Fix{
			Text:    "Remove the mount.",
			Run:     "remove: -v /run/containerd/containerd.sock:/run/containerd/containerd.sock",
			Compose: "services:\n  web:\n    volumes: []   # without containerd.sock and directories that contain it",
			Breaks:  "Tools in the container that talk to containerd, such as monitoring agents: give those the engine's metrics instead.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.Drop("volumes"), rule.Drop("volumes_from")}},
		},
		Refs: rule.Refs{CIS: "5.32", NIST: "4.4.3", ATTACK: "T1611", Guide: "G6 G2"},
		Bad: []rule.Example{
			{Run: "docker run -v /run/containerd/containerd.sock:/c.sock:ro alpine"},
			{Run: "docker run -v /run/docker/containerd/containerd.sock:/c.sock alpine"},
			{Run: "docker run -v /run/containerd:/c alpine"},
		},
		Good: []rule.Example{{Run: "docker run -v /srv/data:/data alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			r := reaches(c, ctr, containerdService())
			if r == nil {
				return c.Pass("no mount brings containerd's socket inside")
			}
			if e := reaches(c, ctr, engineService()); e != nil && e.whole == r.whole {
				return c.NotApplicable("the same mount brings the engine's socket inside, which engine-socket-mounted reports")
			}
			r.cite(c)
			return c.Fail("containerd's socket is inside: %s%s%s", r.how, r.readOnlyNote(), life(ctr))
		},
	}
}
