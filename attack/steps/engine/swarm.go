package engine

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// This file has the steps that go by a swarm: what a manager orders, tells and keeps.

func swarmManagerOrders() *attack.Step {
	return &attack.Step{
		ID: "engine-orders-swarm", Title: "Start services on all nodes of the swarm",
		Why:  "The API of a manager orders what every node of its swarm runs, privileged or with the node's disk inside.",
		At:   rule.KindEngine,
		From: attack.EngineControl, To: attack.SwarmManager,
		ATTACK: "T1610", Cost: 1, CostReason: "one request",
		Needs: attack.All(cond.Manages()),
		Proof: "GET /info says that the node is a manager",
		Bad:   []rule.Example{{Show: "docker swarm init", Facts: swarm(snapshot.Swarm{NodeID: "n1", Manager: true})}},
		Good:  []rule.Example{{Show: "no swarm"}, {Show: "a worker", Facts: swarm(snapshot.Swarm{NodeID: "n1"})}},
	}
}

// swarmTokens is what joins a node to the swarm, swarmKey what unlocks its managers.
var (
	swarmTokens = lang.N("the join tokens of the swarm")
	swarmKey    = lang.N("the unlock key of the swarm")
)

func swarmTokensTold() *attack.Step {
	return &attack.Step{
		ID: "swarm-tokens-told", Title: "Ask a manager for the tokens that join the swarm",
		Why:  "GET /swarm answers with both tokens, in clear: a proxy that lets requests through which only ask hands them out.",
		At:   rule.KindEngine,
		From: attack.EngineRead, To: attack.Secret,
		ATTACK: "T1552.007", Cost: 1, CostReason: "one request",
		Needs: attack.All(cond.Manages(), cond.Unfiltered()),
		Each:  swarmSecret(swarmTokens),
		Proof: "GET /info says that the node is a manager; the tokens are not asked for",
		Bad:   []rule.Example{{Show: "docker swarm init", Facts: swarm(snapshot.Swarm{NodeID: "n1", Manager: true})}},
		Good:  []rule.Example{{Show: "no swarm"}, {Show: "a worker", Facts: swarm(snapshot.Swarm{NodeID: "n1"})}},
	}
}

func swarmKeyTold() *attack.Step {
	return &attack.Step{
		ID: "swarm-key-told", Title: "Ask a manager for the key that unlocks the swarm",
		Why:  "GET /swarm/unlockkey answers with it. With a copy of a manager's disk it opens all that the swarm keeps.",
		At:   rule.KindEngine,
		From: attack.EngineRead, To: attack.Secret,
		ATTACK: "T1552.007", Cost: 1, CostReason: "one request",
		Needs: attack.All(cond.Manages(), cond.Locked(), cond.Unfiltered()),
		Each:  swarmSecret(swarmKey),
		Proof: "GET /info says that the node is a manager and that managers are locked; the key is not asked for",
		Bad:   []rule.Example{{Show: "docker swarm init --autolock", Facts: manager(func(s *snapshot.Swarm) { example.Set(&s.AutoLock, true) })}},
		Good:  []rule.Example{{Show: "no swarm"}, {Show: "docker swarm init", Facts: manager(func(*snapshot.Swarm) {})}},
	}
}

func swarmJoined() *attack.Step {
	return &attack.Step{
		ID: "swarm-joined-as-manager", Title: "Join the swarm as a manager",
		Why:  "The token of managers makes any machine one that reaches port 2377, and a manager orders the whole swarm and has its secrets.",
		At:   rule.KindEngine,
		From: attack.Secret, To: attack.SwarmManager,
		ATTACK: "T1078", Cost: 2, CostReason: "one command, on a machine that reaches the managers",
		Needs: attack.All(cond.Manages()),
		Each: func(q *attack.Query) []attack.Instance {
			return append(q.Instances(), attack.Instance{From: attack.State{Kind: attack.Secret, Engine: q.Engine.Name, Name: swarmTokens}})
		},
		Proof: "GET /info says that the node is a manager; nothing joins",
		Bad:   []rule.Example{{Show: "docker swarm init", Facts: swarm(snapshot.Swarm{NodeID: "n1", Manager: true})}},
		Good:  []rule.Example{{Show: "no swarm"}, {Show: "a worker", Facts: swarm(snapshot.Swarm{NodeID: "n1"})}},
	}
}

func swarmStateRead() *attack.Step {
	return &attack.Step{
		ID: "swarm-state-read", Title: "Read the state and the keys of the swarm from a manager's disk",
		Why:  "Without autolock a manager keeps the key of the swarm's state beside it: who reads both has the CA by which nodes know each other, and all secrets.",
		At:   rule.KindEngine,
		From: attack.HostRead, To: attack.SwarmManager,
		ATTACK: "T1552.004", Cost: 2, CostReason: "files read, and a node made of them",
		Needs: attack.All(cond.Manages(), cond.NotLocked()),
		Rules: []string{"swarm-autolock-off"},
		Proof: "GET /info says that the node is a manager and that managers are not locked; the files are not read",
		Bad:   []rule.Example{{Show: "docker swarm init", Facts: manager(func(*snapshot.Swarm) {})}},
		Good: []rule.Example{{Show: "no swarm"}, {Show: "a worker", Facts: swarm(snapshot.Swarm{NodeID: "n1"})},
			{Show: "docker swarm init --autolock", Facts: manager(func(s *snapshot.Swarm) { example.Set(&s.AutoLock, true) })}},
	}
}

// swarmSecret is a secret of the engine's swarm that a step leads to.
func swarmSecret(name string) func(*attack.Query) []attack.Instance {
	return func(q *attack.Query) []attack.Instance {
		return append(q.Instances(), attack.Instance{To: attack.State{Kind: attack.Secret, Engine: q.Engine.Name, Name: name}})
	}
}

// manager is a manager of a swarm that is not locked and holds nothing, changed.
func manager(change func(*snapshot.Swarm)) func(*snapshot.Snapshot) {
	s := snapshot.Swarm{NodeID: "n1", Manager: true,
		AutoLock: snapshot.See(false, snapshot.At("Swarm.Cluster.Spec.EncryptionConfig.AutoLockManagers", "GET /info")),
		Configs:  snapshot.See([]snapshot.SwarmConfig(nil), snapshot.At("configs", "GET /configs")),
		Secrets:  snapshot.See([]string(nil), snapshot.At("secrets", "GET /secrets")),
	}
	change(&s)
	return swarm(s)
}
