package engine

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// This file has the steps by the configs and secrets that a swarm keeps.

func swarmConfigTold() *attack.Step {
	return &attack.Step{
		ID: "swarm-config-told", Title: "Read a secret in a config of the swarm",
		Why:  "Configs are for what anyone may read: a manager hands them out with their content.",
		At:   rule.KindEngine,
		From: attack.EngineRead, To: attack.Secret,
		ATTACK: "T1552.001", Cost: 1, CostReason: "one request",
		Needs: attack.All(cond.Manages(), cond.Unfiltered()),
		Each: ofSwarm(func(s snapshot.Swarm) snapshot.Fact[[]string] { return snapshot.Map(s.Configs, secretConfigs) }, configOfSwarm,
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
		Needs:     attack.All(cond.Manages()),
		Each:      ofSwarm(func(s snapshot.Swarm) snapshot.Fact[[]string] { return s.Secrets }, secretOfSwarm, nil),
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

// The names of what a swarm keeps.
var (
	configOfSwarm = attack.NewNameForm(lang.N("what config %s of the swarm holds"))
	secretOfSwarm = attack.NewNameForm(lang.N("secret %s of the swarm"))
)

// ofSwarm makes an instance of each name in a list of the swarm, as a secret.
func ofSwarm(list func(snapshot.Swarm) snapshot.Fact[[]string], what *attack.NameForm, ends func(*attack.Query, string) []attack.Change) func(*attack.Query) []attack.Instance {
	return func(q *attack.Query) []attack.Instance {
		s, known := q.Engine.Swarm.Look(q)
		names := list(s)
		if !known {
			return append(q.Instances(), attack.Instance{To: attack.State{Kind: attack.Secret}, Unknown: true, Missing: cond.Lost(q.Engine.Swarm)})
		}
		found, known := names.Look(q)
		if !known {
			return append(q.Instances(), attack.Instance{To: attack.State{Kind: attack.Secret}, Unknown: true, Missing: cond.Lost(names)})
		}
		out := q.Instances()
		for _, name := range found {
			i := attack.Instance{To: attack.State{Kind: attack.Secret, Engine: q.Engine.Name, Name: what.Of(name)}, What: name,
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

func swarm(s snapshot.Swarm) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) { example.Set(&e.Swarm, s) })
}

func withConfig(c snapshot.SwarmConfig) func(*snapshot.Swarm) {
	return func(s *snapshot.Swarm) { example.Set(&s.Configs, []snapshot.SwarmConfig{c}) }
}
