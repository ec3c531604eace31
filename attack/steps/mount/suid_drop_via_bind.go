package mount

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/hostpath"
	"seawall/rule"
	"seawall/snapshot"
)

func suidDropViaBind() *attack.Step {
	is := cond.Dropped(func(m *hostpath.Mounted) bool { return m.NoSUID })
	return &attack.Step{
		ID: "suid-drop-via-bind", Title: "Leave a setuid program for a user of the host",
		Why:  "A program that root in the container makes setuid in a directory of the host runs as root for the user who starts it there.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1548.001", Cost: 2, CostReason: "a file written, and an account of the host",
		Needs: attack.All(cond.HasMount("it can write to a path of the host where setuid counts", is), cond.HostRoot(), cond.NoLabel()),
		Each:  cond.EachDrop(is),
		Proof: "mountinfo of its process: mode and options of the mount; nothing is written",
		Bad: []rule.Example{
			{Run: "docker run -v /home/alice/project:/x alpine", Facts: scene.ShownTo([]snapshot.HostMount{{Source: "/home/alice/project", Destination: "/x"}})},
			{Run: "docker run --cap-drop ALL -v /tmp:/x alpine", Facts: scene.ShownTo([]snapshot.HostMount{{Source: "/tmp", Destination: "/x"}})},
		},
		Good: []rule.Example{
			{Run: "docker run alpine"}, {Run: "docker run -v /tmp:/x:ro alpine"}, {Run: "docker run -v /tmp:/x alpine", Facts: scene.Remapped}, {Run: "docker run -v /tmp:/x alpine", Facts: scene.Labelled},
			{Run: "docker run -v /tmp:/x alpine", Facts: scene.ShownTo([]snapshot.HostMount{{Source: "/tmp", Destination: "/x", NoSUID: true}})},
		},
	}
}
