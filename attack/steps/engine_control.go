package steps

import (
	"seawall/attack"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// This file has the steps that whoever controls an engine can take.

func engineMakesRoot() *attack.Step {
	return &attack.Step{
		ID: "engine-starts-privileged-container", Title: "Start a privileged container with the host's disk inside",
		Why:  "The API starts whatever container it is asked for, and the engine is root: docker run --privileged -v /:/host.",
		At:   rule.KindEngine,
		From: attack.EngineControl, To: attack.HostRoot,
		ATTACK: "T1610", Cost: 1, CostReason: "one request",
		Needs: attack.All(rootful(), unfiltered()),
		Proof: "the user of the engine's process, the engine's authorization plugins",
		Bad:   []rule.Example{{Show: "an engine that runs as root"}},
		Good:  []rule.Example{{Show: "a rootless engine", Facts: example.Engine(example.Rootless)}},
	}
}

func rootlessEngineIsOwner() *attack.Step {
	return &attack.Step{
		ID: "rootless-engine-is-its-owner", Title: "Start a container with the files of the engine's owner inside",
		Why:  "A rootless engine does what its owner may do: its containers read and write the owner's files.",
		At:   rule.KindEngine,
		From: attack.EngineControl, To: attack.LocalUser,
		ATTACK: "T1610", Cost: 1, CostReason: "one request",
		Needs:     attack.All(rootless(), unfiltered()),
		Each:      ownerOf(func(s attack.State) attack.Instance { return attack.Instance{To: s} }),
		Proof:     "the user of the engine's process",
		Permanent: "it is what a rootless engine is for: nothing less than its owner runs it",
		Bad:       []rule.Example{{Show: "a rootless engine", Facts: example.Engine(example.Rootless)}},
		Good:      []rule.Example{{Show: "an engine that runs as root"}},
	}
}

func rootlessOwnerControls() *attack.Step {
	return &attack.Step{
		ID: "rootless-engine-owner", Title: "Use one's own rootless engine",
		Why:  "A rootless engine obeys the account that runs it.",
		At:   rule.KindEngine,
		From: attack.LocalUser, To: attack.EngineControl,
		ATTACK: "T1078.003", Cost: 0, CostReason: "it is the account's own",
		Own:       true,
		Needs:     attack.All(rootless()),
		Each:      ownerOf(func(s attack.State) attack.Instance { return attack.Instance{From: s} }),
		Proof:     "the user of the engine's process",
		Permanent: "it is what a rootless engine is for",
		Bad:       []rule.Example{{Show: "a rootless engine", Facts: example.Engine(example.Rootless)}},
		Good:      []rule.Example{{Show: "an engine that runs as root"}},
	}
}

// ownerOf makes an instance of the account that a rootless engine belongs to.
func ownerOf(instance func(attack.State) attack.Instance) func(*attack.Query) []attack.Instance {
	return func(q *attack.Query) []attack.Instance {
		process := q.Engine.Daemon.Process
		name := owner(q)
		i := instance(userState(name))
		i.Origin, i.Value = snapshot.At("user", process.Origin().Source), name
		if name == "" {
			i.Unknown, i.Missing, i.Origin = true, lost(process), snapshot.Origin{}
		}
		return []attack.Instance{i}
	}
}

func engineEntersContainer() *attack.Step {
	return &attack.Step{
		ID: "engine-enters-container", Title: "Run a command in the container as its root",
		Why:  "docker exec --user 0 starts a process in any container, whatever user the container runs as.",
		At:   rule.KindContainer,
		From: attack.EngineControl, To: attack.ContainerRoot,
		Part:   true,
		ATTACK: "T1609", Cost: 1, CostReason: "one request",
		Needs:     attack.All(unfiltered()),
		Proof:     "the engine lists the container",
		Permanent: "whoever controls an engine controls its containers",
		Bad:       []rule.Example{{Run: "docker run alpine"}},
		Good:      []rule.Example{{Show: "no container"}},
	}
}

func swarmManagerOrders() *attack.Step {
	return &attack.Step{
		ID: "engine-orders-swarm", Title: "Start services on all nodes of the swarm",
		Why:  "The API of a manager orders what every node of its swarm runs, privileged or with the node's disk inside.",
		At:   rule.KindEngine,
		From: attack.EngineControl, To: attack.SwarmManager,
		ATTACK: "T1610", Cost: 1, CostReason: "one request",
		Needs: attack.All(manages()),
		Proof: "GET /info says that the node is a manager",
		Bad:   []rule.Example{{Show: "docker swarm init", Facts: swarm(snapshot.Swarm{NodeID: "n1", Manager: true})}},
		Good:  []rule.Example{{Show: "no swarm"}, {Show: "a worker", Facts: swarm(snapshot.Swarm{NodeID: "n1"})}},
	}
}

// manages: the engine is a manager of a swarm.
func manages() *attack.Cond {
	return &attack.Cond{
		Says:  "it is a manager of a swarm",
		Check: asRead,
		Ask: func(q *attack.Query) attack.Truth {
			s, known := q.Engine.Swarm.Try(q)
			if !known {
				return attack.Unknown
			}
			return attack.Sure(s.Manager)
		},
		Ends: func(q *attack.Query) []attack.Change { return []attack.Change{onEngine(q, demoteManager)} },
	}
}

func swarm(s snapshot.Swarm) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) { example.Set(&e.Swarm, s) })
}
