package container

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/confinement"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// This file has the steps between containers that share a namespace, in either
// direction.

const sharedPID = "docker run --name db alpine\ndocker run --name web --pid container:db "

func pidNamespaceShared() *attack.Step {
	return &attack.Step{
		ID: "pid-namespace-shared", Title: "Go through /proc into another container",
		Why:  "In one pid namespace root of one container has the files and the memory of the other's processes, if it holds their capabilities or SYS_PTRACE.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Container,
		ATTACK: "T1055.008", Cost: 1, CostReason: "one command (cat /proc/PID/root/…)",
		Each: func(q *attack.Query) []attack.Instance {
			return sharing(q, confinement.PIDNS, "pid", func(i *attack.Instance, other *snapshot.Container) bool {
				return outranks(q, i, other)
			})
		},
		Rules: []string{"container-joins-namespace"},
		Proof: "HostConfig.PidMode and CapBnd of both processes",
		Bad:   []rule.Example{{Run: sharedPID + "alpine"}, {Run: sharedPID + "--cap-drop ALL --cap-add SYS_PTRACE alpine"}},
		Good: []rule.Example{
			{Run: "docker run --name db alpine\ndocker run --name web alpine"},
			{Run: "docker run --name db --cap-drop ALL --cap-add NET_RAW alpine\ndocker run --name web --pid container:db --cap-drop ALL --cap-add CHOWN alpine"},
		},
	}
}

// outranks says whether processes of the container hold all capabilities of
// another's, or SYS_PTRACE. What is not known of either makes it unknown.
func outranks(q *attack.Query, i *attack.Instance, other *snapshot.Container) bool {
	w := &cond.Gaps{}
	own, theirs := confinement.CapabilitiesOf(w, q.Container), confinement.CapabilitiesOf(w, other)
	switch {
	case own.Holds(snapshot.Caps("SYS_PTRACE")):
		return true
	case len(*w) > 0 && !(own.Kernel && theirs.Kernel):
		i.Unknown, i.Missing = true, append(i.Missing, *w...)
		return true
	}
	return own.Holds(effective(theirs))
}

// effective are the capabilities that a container's processes can hold.
func effective(c confinement.Capabilities) snapshot.CapSet {
	if c.Kernel {
		return c.Bounding
	}
	return c.Asked
}

func netNamespaceShared() *attack.Step {
	return &attack.Step{
		ID: "net-namespace-shared", Title: "Use what another container offers to itself only",
		Why:  "In one network namespace 127.0.0.1 is the same: services that listen there for their own container take orders from the other.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.Container,
		ATTACK: "T1210", Cost: 3, CostReason: "a service that trusts who connects from its own address",
		Each: func(q *attack.Query) []attack.Instance {
			return sharing(q, confinement.NetNS, "network", func(*attack.Instance, *snapshot.Container) bool { return true })
		},
		Rules: []string{"container-joins-namespace"},
		Proof: "HostConfig.NetworkMode of both; nothing is connected",
		Bad:   []rule.Example{{Run: "docker run --name db alpine\ndocker run --name web --network container:db alpine"}},
		Good:  []rule.Example{{Run: "docker run --name db alpine\ndocker run --name web alpine"}},
	}
}

// sharedMemory is the name of what containers in one ipc namespace read of each other.
var sharedMemory = attack.NewNameForm(lang.N("the shared memory of container %s"))

func ipcNamespaceShared() *attack.Step {
	return &attack.Step{
		ID: "ipc-namespace-shared", Title: "Read the shared memory of another container",
		Why:  "In one ipc namespace each container opens the other's shared memory, semaphores and queues.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Secret,
		ATTACK: "T1005", Cost: 3, CostReason: "programs that share secrets by memory",
		Each: func(q *attack.Query) []attack.Instance {
			return sharing(q, confinement.IPCNS, "ipc", func(i *attack.Instance, other *snapshot.Container) bool {
				i.To = attack.State{Kind: attack.Secret, Engine: q.Engine.Name, Name: sharedMemory.Of(other.Name)}
				return true
			})
		},
		Rules: []string{"container-joins-namespace"},
		Proof: "HostConfig.IpcMode of both",
		Bad:   []rule.Example{{Run: "docker run --name db --ipc shareable alpine\ndocker run --name web --ipc container:db alpine"}},
		Good:  []rule.Example{{Run: "docker run --name db --ipc shareable alpine\ndocker run --name web alpine"}},
	}
}

// sharing are the containers that share a namespace with the site's, as far as
// each of them matters. The step leads into them unless it says otherwise.
func sharing(q *attack.Query, kind confinement.Kind, option string, matters func(*attack.Instance, *snapshot.Container) bool) []attack.Instance {
	out := q.Instances()
	for _, other := range q.Sharers(kind) {
		i := attack.Instance{
			To: attack.State{Kind: attack.Container, Engine: q.Engine.Name, Name: other.Name}, What: other.Name, Unknown: other.Unseen,
			Ends:   []attack.Change{{Kind: change.SeparateNamespace, Engine: q.Engine.Name, Subject: other.Joiner.Name, Detail: option}},
			Origin: kind.Mode(other.Joiner).Origin(), Value: other.Name,
		}
		if other.Unseen {
			i.Missing = cond.Lost(kind.Mode(q.Container))
		}
		if matters(&i, other.Container) {
			out = append(out, i)
		}
	}
	return out
}
