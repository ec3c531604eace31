package container

import (
	"seawall/confinement"
	"seawall/rule"
	"seawall/snapshot"
)

func hostUserns() *rule.Rule {
	return &rule.Rule{
		ID:       "container-host-userns",
		Title:    "A container is left out of the remapping of user ids",
		Severity: rule.High,
		Why: "The engine remaps user ids, but this container's are the host's. " +
			"Whatever lets root out of the container, a kernel flaw or a careless mount, makes it root of the host.",
		Fix: rule.Fix{
			Text:    "Let the engine remap this container like the others.",
			Run:     "remove: --userns host",
			Compose: "services:\n  web:\n    userns_mode: \"\"   # remove userns_mode: host",
			Breaks:  "Files on mounts need other owners; --privileged, --pid host and --network host are refused.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.Drop("userns_mode")}},
		},
		Refs: rule.Refs{CIS: "5.31", NIST: "4.5.5", ATTACK: "T1611", Guide: "G7", Docs: "Isolate containers with a user namespace", Peers: "kics:8af7162d"},
		Bad: []rule.Example{
			{Show: "an engine that remaps", Run: "docker run --userns host alpine", Facts: remapped(true)},
		},
		Good: []rule.Example{
			{Show: "an engine that remaps", Run: "docker run alpine", Facts: remapped(true)},
			{Show: "a rootless engine", Run: "docker run alpine", Facts: setting(func(s *snapshot.Settings) *snapshot.Fact[bool] { return &s.Rootless }, true)},
		},
		Container: checkHostUserns,
	}
}

func remapped(on bool) func(*snapshot.Snapshot) {
	return setting(func(s *snapshot.Settings) *snapshot.Fact[bool] { return &s.UserNSRemap }, on)
}

func checkHostUserns(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	if rootless, _ := c.Engine.Settings.Rootless.Try(c); rootless {
		return c.Pass("the engine is rootless: root in the container is the engine's user")
	}
	p := confinement.ProcessOf(c, ctr)
	if p.Runs {
		p.UIDMap.Try(c)
		if confinement.Confined(c.Engine, ctr) != "" {
			return c.Pass("root in the container is an ordinary user of the host")
		}
	}
	remap, known := c.Engine.Settings.UserNSRemap.Try(c)
	mode, _ := ctr.UsernsMode.Try(c)
	switch {
	case known && !remap:
		return c.NotApplicable("the engine remaps no user ids, which engine-userns-remap-off reports")
	case mode == "host":
		return c.Fail("it opted out of the engine's remapping of user ids (userns mode host)%s", life(ctr))
	case remap && p.UIDMap.State() == snapshot.Seen:
		return c.Fail("the engine remaps user ids, and the kernel shows the host's on its process")
	}
	return c.Pass("its user ids are remapped")
}
