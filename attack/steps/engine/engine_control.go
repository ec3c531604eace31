package engine

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
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
		Needs: attack.All(cond.Rootful(), cond.Unfiltered()),
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
		Needs:     attack.All(cond.Rootless(), cond.Unfiltered()),
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
		Needs:     attack.All(cond.Rootless()),
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
		name := cond.EngineOwner(q)
		i := instance(cond.UserState(name))
		i.Origin, i.Value = snapshot.At("user", process.Origin().Source), name
		if name == "" {
			i.Unknown, i.Missing, i.Origin = true, cond.Lost(process), snapshot.Origin{}
		}
		return append(q.Instances(), i)
	}
}

func engineAnswers() *attack.Step {
	return &attack.Step{
		ID: "engine-answers", Title: "Ask the engine",
		Why:  "Whoever may order the engine may ask it too: for the settings of all containers, and on a manager for what the swarm keeps.",
		At:   rule.KindEngine,
		From: attack.EngineControl, To: attack.EngineRead,
		Part:   true,
		ATTACK: "T1613", Cost: 0, CostReason: "nothing to do",
		Needs:     attack.All(cond.Unfiltered()),
		Proof:     "the engine's authorization plugins",
		Permanent: "whoever controls an engine may ask it",
		Bad:       []rule.Example{{Show: "an engine"}},
		Good:      []rule.Example{{Show: "no engine", Facts: func(s *snapshot.Snapshot) { s.Engines = nil }}},
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
		Needs:     attack.All(cond.Unfiltered()),
		Proof:     "the engine lists the container",
		Permanent: "whoever controls an engine controls its containers",
		Bad:       []rule.Example{{Run: "docker run alpine"}},
		Good:      []rule.Example{{Show: "no container"}},
	}
}
