package container

import (
	"seawall/hostpath"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func takesVolumes() *rule.Rule {
	return &rule.Rule{
		ID:       "container-takes-volumes",
		Title:    "A container takes over all mounts of another one",
		Severity: rule.Low,
		Why: "With --volumes-from a container gets every mount of another, host paths and sockets included, mostly to write to: the data of both, and whatever is mounted there later. " +
			"Whoever breaks into the one changes the files of the other.",
		Fix: rule.Fix{
			Text:    "Mount the volumes that the container uses by their names, read-only where it does not write.",
			Run:     "instead of --volumes-from db: -v backup:/backup -v dbdata:/data:ro",
			Compose: "services:\n  web:\n    volumes: [\"dbdata:/data:ro\"]   # instead of volumes_from",
			Breaks:  "Paths that the container used and that are not mounted by name.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.Drop("volumes_from")}},
		},
		Refs: rule.Refs{NIST: "4.4.3", ATTACK: "T1080", Guide: "G25", Docs: "Volumes"},
		Bad: []rule.Example{
			{Run: "docker run --name db -v data:/data alpine\ndocker run --volumes-from db alpine"},
			{Run: "docker run --name db -v data:/data alpine\ndocker run --volumes-from db:ro alpine"},
		},
		Good: []rule.Example{{Run: "docker run -v data:/data:ro alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			from := ctr.VolumesFrom.Read(c)
			if len(from) == 0 {
				return c.Pass("it takes over no mounts of another container")
			}
			var names []string
			for _, ref := range from {
				name, readOnly := hostpath.SplitVolumesFrom(ref)
				name = containerName(c, name)
				if readOnly {
					name = lang.Sprintf("%s (read-only)", name)
				}
				names = append(names, name)
			}
			return c.Fail("it takes over all mounts of %s%s", lang.Comma(names), life(ctr))
		},
	}
}
