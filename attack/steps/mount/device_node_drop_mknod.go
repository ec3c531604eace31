package mount

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/hostpath"
	"seawall/rule"
	"seawall/snapshot"
)

func deviceNodeDrop() *attack.Step {
	is := cond.Dropped(func(m *hostpath.Mounted) bool { return m.NoDev })
	return &attack.Step{
		ID: "device-node-drop-mknod", Title: "Leave a node of the host's disk for a user of the host",
		Why:  "The container may make the node and not open it; the user of the host, whom no device list binds, opens it and reads and writes the disk.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 2, CostReason: "a node made, and an account of the host",
		Needs: attack.All(cond.HasMount("it can write to a path of the host where device nodes count", is), cond.HasCap("MKNOD"), cond.HostRoot(), cond.NoLabel()),
		Each:  cond.EachDrop(is),
		Proof: "mountinfo of its process, and CapBnd; no node of a disk is made",
		Bad:   []rule.Example{{Run: "docker run -v /home/alice/project:/x alpine", Facts: scene.ShownTo([]snapshot.HostMount{{Source: "/home/alice/project", Destination: "/x"}})}},
		Good: []rule.Example{
			{Run: "docker run alpine"}, {Run: "docker run -v /tmp:/x:ro alpine"}, {Run: "docker run --cap-drop MKNOD -v /tmp:/x alpine"}, {Run: "docker run -v /tmp:/x alpine", Facts: scene.Remapped},
			{Run: "docker run -v /tmp:/x alpine", Facts: scene.ShownTo([]snapshot.HostMount{{Source: "/tmp", Destination: "/x", NoDev: true}})},
		},
	}
}
