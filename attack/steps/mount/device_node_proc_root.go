package mount

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/rule"
	"seawall/snapshot"
)

func deviceNodeProcRoot() *attack.Step {
	return &attack.Step{
		ID: "device-node-proc-root", Title: "Hand a node of the host's disk to a user of the host through /proc",
		Why: "Root in the container makes a node of the disk that it may not open, and starts a process as a number that is a user's of the host. " +
			"The kernel lets that user into the process's root directory in /proc, where no device list binds the user who opens the node. No mount is needed.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 2, CostReason: "a node and a process made, and an account of the host",
		Needs: attack.All(holdsStill("MKNOD"), holdsStill("SETUID"), holdsStill("SETGID"), cond.HostRoot(), nodesAllowed()),
		Each: func(*attack.Query) []attack.Instance {
			return []attack.Instance{{With: []attack.State{cond.HostUser}}}
		},
		Proof: "CapBnd and the user namespace of its process; no node of a disk is made",
		Bad: []rule.Example{
			{Run: "docker run alpine"}, {Run: "docker run --read-only --network none alpine"},
			{Run: "docker run --cap-drop ALL --cap-add MKNOD --cap-add SETUID --cap-add SETGID alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run --cap-drop MKNOD alpine"}, {Run: "docker run --cap-drop SETUID alpine"}, {Run: "docker run --cap-drop SETGID alpine"},
			{Run: "docker run alpine", Facts: scene.Remapped}, {Run: "docker run alpine", Facts: scene.Rootless},
		},
	}
}

// nodesAllowed: no SELinux label may keep the container from making device nodes.
// What a label's policy says of them is not read.
func nodesAllowed() *attack.Cond {
	return &attack.Cond{
		Says:  "no SELinux label keeps it from making device nodes",
		Check: cond.Shows(attack.Check{Kind: attack.Unlabelled, Name: "selinux"}),
		Ask: func(q *attack.Query) attack.Truth {
			if cond.SELinuxOff(q) == attack.Yes {
				return attack.Yes
			}
			q.Missed(q.Container.SELinux.Origin(), snapshot.Gap{Reason: snapshot.ReasonNotCollected, Detail: "what the policy of its SELinux label says of device nodes is not read"})
			return attack.Unknown
		},
	}
}

// holdsStill is [cond.HasCap] for capabilities that a container has without privileges too.
// With privileges nothing is dropped, but then a change must take those away for the
// disk's sake anyhow, and this one what is left.
func holdsStill(name string) *attack.Cond {
	c := cond.HasCap(name)
	c.Says += ", with or without privileges"
	c.Ends = func(q *attack.Query) []attack.Change {
		return []attack.Change{change.OnContainer(q, change.DropCapability, name)}
	}
	return c
}
