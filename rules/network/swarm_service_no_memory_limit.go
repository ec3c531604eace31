package network

import (
	"seawall/rule"
	"seawall/snapshot"
)

func serviceMemory() *rule.Rule {
	return &rule.Rule{
		ID:       "swarm-service-no-memory-limit",
		Title:    "A swarm service may use all memory of its nodes",
		Severity: rule.Medium,
		Why: "One leaking or attacked container takes the memory of its node from all others there. The swarm then starts it on the next node. " +
			"On a manager the vote of the swarm suffers too.",
		Fix: rule.Fix{
			Text:    "Limit the memory to what the service needs at its peak.",
			Shell:   "docker service update --limit-memory 512M SERVICE",
			Compose: "services:\n  web:\n    deploy:\n      resources:\n        limits: {memory: 512M}",
			Breaks:  "A container that goes beyond the limit is killed and started again.",
		},
		Refs:  rule.Refs{NIST: "4.4.3", ATTACK: "T1499", Guide: "G25", Docs: "Resource constraints"},
		Bad:   []rule.Example{{Show: "docker service create", Facts: withService(snapshot.ServiceSpec{})}},
		Good:  []rule.Example{{Show: "docker service create --limit-memory 64M", Facts: withService(snapshot.ServiceSpec{MemoryLimit: 64 << 20})}},
		Swarm: perService("services may use all memory of their nodes", "every service has a memory limit", withoutMemoryLimit),
	}
}

func withoutMemoryLimit(s *snapshot.SwarmService) string {
	if s.MemoryLimit > 0 {
		return ""
	}
	return "no limit"
}
