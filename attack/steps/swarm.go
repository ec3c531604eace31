package steps

import (
	"strings"

	"seawall/attack"
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
		Needs: attack.All(manages()),
		Proof: "GET /info says that the node is a manager",
		Bad:   []rule.Example{{Show: "docker swarm init", Facts: swarm(snapshot.Swarm{NodeID: "n1", Manager: true})}},
		Good:  []rule.Example{{Show: "no swarm"}, {Show: "a worker", Facts: swarm(snapshot.Swarm{NodeID: "n1"})}},
	}
}

// swarmTokens is what joins a node to the swarm, swarmKey what unlocks its managers.
const (
	swarmTokens = "the join tokens of the swarm"
	swarmKey    = "the unlock key of the swarm"
)

func swarmTokensTold() *attack.Step {
	return &attack.Step{
		ID: "swarm-tokens-told", Title: "Ask a manager for the tokens that join the swarm",
		Why:  "GET /swarm answers with both tokens, in clear: a proxy that lets requests through which only ask hands them out.",
		At:   rule.KindEngine,
		From: attack.EngineRead, To: attack.Secret,
		ATTACK: "T1552.007", Cost: 1, CostReason: "one request",
		Needs: attack.All(manages(), unfiltered()),
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
		Needs: attack.All(manages(), locked(), unfiltered()),
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
		Needs: attack.All(manages()),
		Each: func(q *attack.Query) []attack.Instance {
			return []attack.Instance{{From: attack.State{Kind: attack.Secret, Engine: q.Engine.Name, Name: swarmTokens}}}
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
		Needs: attack.All(manages(), notLocked()),
		Rules: []string{"swarm-autolock-off"},
		Proof: "GET /info says that the node is a manager and that managers are not locked; the files are not read",
		Bad:   []rule.Example{{Show: "docker swarm init", Facts: manager(func(*snapshot.Swarm) {})}},
		Good: []rule.Example{{Show: "no swarm"}, {Show: "a worker", Facts: swarm(snapshot.Swarm{NodeID: "n1"})},
			{Show: "docker swarm init --autolock", Facts: manager(func(s *snapshot.Swarm) { example.Set(&s.AutoLock, true) })}},
	}
}

func swarmConfigTold() *attack.Step {
	return &attack.Step{
		ID: "swarm-config-told", Title: "Read a secret in a config of the swarm",
		Why:  "Configs are for what anyone may read: a manager hands them out with their content.",
		At:   rule.KindEngine,
		From: attack.EngineRead, To: attack.Secret,
		ATTACK: "T1552.001", Cost: 1, CostReason: "one request",
		Needs: attack.All(manages(), unfiltered()),
		Each: ofSwarm(func(s snapshot.Swarm) snapshot.Fact[[]string] { return snapshot.Map(s.Configs, secretConfigs) }, "what config * of the swarm holds",
			func(q *attack.Query, name string) []attack.Change {
				return []attack.Change{{Kind: configAsSecret, Engine: q.Engine.Name, Subject: name}}
			}),
		Rules: []string{"swarm-config-holds-secret"},
		Proof: "the places in the configs that look like secrets; the values are not kept",
		Bad:   []rule.Example{{Show: "a password in a config", Facts: manager(withConfig(snapshot.SwarmConfig{Name: "app.conf", Secrets: []string{"line 4: db_password"}}))}},
		Good:  []rule.Example{{Show: "no swarm"}, {Show: "a config without secrets", Facts: manager(withConfig(snapshot.SwarmConfig{Name: "app.conf"}))}},
	}
}

func swarmSecretMounted() *attack.Step {
	return &attack.Step{
		ID: "swarm-secret-mounted", Title: "Start a service that has a secret of the swarm",
		Why:  "No engine tells the content of a secret, but whoever orders the swarm starts a service with any of them and reads the file.",
		At:   rule.KindEngine,
		From: attack.SwarmManager, To: attack.Secret,
		ATTACK: "T1552.007", Cost: 1, CostReason: "one request",
		Needs:     attack.All(manages()),
		Each:      ofSwarm(func(s snapshot.Swarm) snapshot.Fact[[]string] { return s.Secrets }, "secret * of the swarm", nil),
		Proof:     "the names of the swarm's secrets",
		Permanent: "whoever orders a swarm has its secrets",
		Bad:       []rule.Example{{Show: "docker secret create db -", Facts: manager(func(s *snapshot.Swarm) { example.Set(&s.Secrets, []string{"db"}) })}},
		Good:      []rule.Example{{Show: "no swarm"}, {Show: "no secrets", Facts: manager(func(*snapshot.Swarm) {})}},
	}
}

var configAsSecret = &attack.ChangeKind{
	ID: "config-as-secret", Text: "Make the config {subject} a secret, and change the password in it",
	Weight: 2, Disruption: attack.Redeploy, Breaks: "Services that read the file where the config lay.",
	Shell: "docker secret create NAME FILE && docker service update --secret-add NAME --config-rm {subject} SERVICE",
}

var autolock = &attack.ChangeKind{
	ID: "autolock", Text: "Lock the managers of the swarm of {engine} when they start",
	Weight: 2, Breaks: "After each restart of a manager somebody must enter the key (docker swarm unlock).",
	Shell: "docker swarm update --autolock=true",
}

// swarmSecret is a secret of the engine's swarm that a step leads to.
func swarmSecret(name string) func(*attack.Query) []attack.Instance {
	return func(q *attack.Query) []attack.Instance {
		return []attack.Instance{{To: attack.State{Kind: attack.Secret, Engine: q.Engine.Name, Name: name}}}
	}
}

// ofSwarm makes an instance of each name in a list of the swarm, as a secret.
func ofSwarm(list func(snapshot.Swarm) snapshot.Fact[[]string], what string, ends func(*attack.Query, string) []attack.Change) func(*attack.Query) []attack.Instance {
	return func(q *attack.Query) []attack.Instance {
		s, known := q.Engine.Swarm.Look(q)
		names := list(s)
		if !known {
			return []attack.Instance{{To: attack.State{Kind: attack.Secret}, Unknown: true, Missing: lost(q.Engine.Swarm)}}
		}
		found, known := names.Look(q)
		if !known {
			return []attack.Instance{{To: attack.State{Kind: attack.Secret}, Unknown: true, Missing: lost(names)}}
		}
		var out []attack.Instance
		for _, name := range found {
			i := attack.Instance{To: attack.State{Kind: attack.Secret, Engine: q.Engine.Name, Name: strings.ReplaceAll(what, "*", name)}, What: name,
				Origin: names.Origin(), Value: name}
			if ends != nil {
				i.Ends = ends(q, name)
			}
			out = append(out, i)
		}
		return out
	}
}

// secretConfigs are the names of the configs that hold secrets.
func secretConfigs(configs []snapshot.SwarmConfig) []string {
	var out []string
	for _, c := range configs {
		if len(c.Secrets) > 0 {
			out = append(out, c.Name)
		}
	}
	return out
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

func withConfig(c snapshot.SwarmConfig) func(*snapshot.Swarm) {
	return func(s *snapshot.Swarm) { example.Set(&s.Configs, []snapshot.SwarmConfig{c}) }
}

// locked: managers ask for a key when they start.
func locked() *attack.Cond {
	return &attack.Cond{Says: "the swarm's managers are locked", Check: asRead, Ask: askLocked}
}

// notLocked: managers keep the key beside what it opens.
func notLocked() *attack.Cond {
	return &attack.Cond{
		Says:  "the swarm's managers are not locked",
		Check: asRead,
		Ask:   func(q *attack.Query) attack.Truth { return attack.Not(askLocked(q)) },
		Ends:  func(q *attack.Query) []attack.Change { return []attack.Change{onEngine(q, autolock)} },
	}
}

func askLocked(q *attack.Query) attack.Truth {
	s, known := q.Engine.Swarm.Try(q)
	if !known {
		return attack.Unknown
	}
	return q.Is(s.AutoLock)
}
