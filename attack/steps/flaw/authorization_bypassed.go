package flaw

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/currency/known"
	"seawall/rule"
)

// Before 29.3.1 a large body does not reach a plugin, and before the releases of July
// 2024 one of length 0.
var bypass = &flaw{known.Engine, []string{"CVE-2024-41110", "CVE-2026-34040"}, []string{"25.0.16", "29.3.1"}}

func authorizationBypassed() *attack.Step {
	return &attack.Step{
		ID: "authorization-plugin-bypassed", Title: "Get a request past the authorization plugin",
		Why:  "Of a request with a length of 0, or with a very large body, the engine shows the plugin no body and carries it out whole: the plugin allows what it would refuse.",
		At:   rule.KindEngine,
		From: attack.EngineControl, To: attack.HostRoot,
		ATTACK: "T1548", Cost: 1, CostReason: "one request",
		Needs: attack.All(filtered(), cond.Rootful(), bypass.open()),
		Rules: []string{"engine-has-open-advisory", "engine-authorization-bypass"},
		Proof: "the version of the engine, who built it, and its authorization plugins; nothing is sent",
		Bad: []rule.Example{
			{Show: "dockerd 27.1.0 --authorization-plugin opa", Facts: guarded("27.1.0", "opa")},
			{Show: "dockerd 28.5.2 --authorization-plugin opa", Facts: guarded("28.5.2", "opa")},
		},
		Good: []rule.Example{
			{Show: "dockerd 29.3.1 --authorization-plugin opa", Facts: guarded("29.3.1", "opa")},
			{Show: "dockerd 28.5.2", Facts: guarded("28.5.2")},
		},
	}
}

// filtered: plugins judge requests. To remove one is no barrier.
func filtered() *attack.Cond {
	return &attack.Cond{
		Says:  "an authorization plugin judges requests",
		Check: cond.AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			plugins, known := q.Engine.Settings.AuthorizationPlugins.Try(q)
			if !known {
				return attack.Unknown
			}
			return attack.Sure(len(plugins) > 0)
		},
	}
}
