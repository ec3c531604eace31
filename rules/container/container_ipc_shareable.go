package container

import (
	"seawall/confinement"
	"seawall/rule"
	"seawall/snapshot"
)

func ipcShareable() *rule.Rule {
	return &rule.Rule{
		ID:       "container-ipc-shareable",
		Title:    "A container's shared memory is open to others, and nobody uses it",
		Severity: rule.Low,
		Why: "A shareable IPC namespace lets every later container join and read or change what the program keeps in shared memory. " +
			"Whoever may start containers for one project so reaches the data of another.",
		Fix: rule.Fix{
			Text:    "Use the private mode, the default of engines since 20.10; shareable only for the container that another joins.",
			Run:     "instead of --ipc shareable: --ipc private",
			Compose: "services:\n  web:\n    ipc: private   # instead of shareable",
			Daemon:  `{"default-ipc-mode": "private"}`,
			Breaks:  "Containers that are to join it later with --ipc container:NAME.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.Set("ipc", "private")}},
		},
		Refs: rule.Refs{CISRelated: "5.17", NIST: "4.4.3", ATTACK: "T1080", Guide: "G14", Docs: "docker container run"},
		Bad:  []rule.Example{{Run: "docker run --ipc shareable alpine"}},
		Good: []rule.Example{
			{Run: "docker run --ipc private alpine"},
			{Run: "docker run alpine"},
			{Run: "docker run --name a --ipc shareable alpine\ndocker run --name b --ipc container:a alpine"},
		},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			if ctr.IpcMode.Read(c) != "shareable" {
				return c.Pass("its IPC namespace cannot be joined")
			}
			others, known := c.Engine.Containers.Look(c)
			for i := range others {
				mode, seen := others[i].IpcMode.Look(c)
				known = known && seen
				if confinement.Means(joined(mode), ctr) {
					return c.Pass("container %s joins its IPC namespace", others[i].Name)
				}
			}
			if !known {
				c.Stop()
			}
			return c.Fail("its IPC namespace can be joined, and no container does%s", life(ctr))
		},
	}
}
