package mount

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/rule"
)

func deviceNodeProcRoot() *attack.Step {
	return &attack.Step{
		ID: "device-node-proc-root", Title: "Hand a node of the host's disk to a user of the host through /proc",
		Why: "Root in the container makes a node of the disk that it may not open, and starts a process as a number that is a user's of the host. " +
			"The kernel lets that user into the process's root directory in /proc, where no device list binds the user who opens the node. No mount is needed.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 2, CostReason: "a node and a process made, and an account of the host",
		Needs: append(attack.All(cond.HostRoot(), cond.NotKept("making device nodes")), cond.HasDefaultCaps("MKNOD", "SETUID", "SETGID")),
		Each: func(q *attack.Query) []attack.Instance {
			return append(q.Instances(), attack.Instance{With: q.States(cond.HostUser)})
		},
		Proof: "CapBnd and the user namespace of its process; no node of a disk is made",
		Bad: []rule.Example{
			{Run: "docker run alpine"}, {Run: "docker run --read-only --network none alpine"},
			{Run: "docker run --cap-drop ALL --cap-add MKNOD --cap-add SETUID --cap-add SETGID alpine"}, {Run: "docker run --privileged --cap-drop MKNOD alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run --cap-drop MKNOD alpine"}, {Run: "docker run --cap-drop SETUID alpine"}, {Run: "docker run --cap-drop SETGID alpine"},
			{Run: "docker run alpine", Facts: scene.Remapped}, {Run: "docker run alpine", Facts: scene.Rootless},
		},
	}
}
