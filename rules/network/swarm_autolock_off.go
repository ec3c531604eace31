package network

import (
	"time"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func autolockOff() *rule.Rule {
	return &rule.Rule{
		ID:       "swarm-autolock-off",
		Title:    "The swarm's keys lie on the managers' disks in clear",
		Severity: rule.Medium,
		Why: "Each manager keeps the swarm's log, with all secrets and the CA's key, encrypted on disk, and the key beside it. " +
			"With a copy of the disk or a backup anyone can read the secrets and make nodes; autolock keeps the key elsewhere.",
		Fix: rule.Fix{
			Text:   "Turn autolock on and keep the unlock key in a safe place away from the nodes.",
			Shell:  "docker swarm update --autolock=true\ndocker swarm unlock-key",
			Breaks: "After each restart of a manager somebody must enter the key (docker swarm unlock).",
		},
		Refs:  rule.Refs{CIS: "7.5", NIST: "4.3.5", ATTACK: "T1552.004", Guide: "G21", Docs: "Lock your swarm to protect its encryption key"},
		Bad:   []rule.Example{{Show: "docker swarm init", Facts: swarm(func(s *snapshot.Swarm) { example.Set(&s.AutoLock, false) })}},
		Good:  []rule.Example{{Show: "docker swarm init --autolock", Facts: swarm(func(*snapshot.Swarm) {})}},
		Swarm: checkAutolock,
	}
}

// swarm is an engine that manages a well-configured swarm, changed.
func swarm(change func(*snapshot.Swarm)) func(*snapshot.Snapshot) {
	source := "GET /swarm"
	s := snapshot.Swarm{NodeID: "n1", Manager: true, Managers: 3, Nodes: 5,
		AutoLock:          snapshot.See(true, snapshot.At("Spec.EncryptionConfig.AutoLockManagers", source)),
		CertificateExpiry: snapshot.See(90*24*time.Hour, snapshot.At("Spec.CAConfig.NodeCertExpiry", source)),
		Services:          snapshot.See([]snapshot.SwarmService(nil), snapshot.At("services", "GET /services")),
		NodeList:          snapshot.See([]snapshot.SwarmNode(nil), snapshot.At("nodes", "GET /nodes")),
		Configs:           snapshot.See([]snapshot.SwarmConfig(nil), snapshot.At("configs", "GET /configs")),
		Secrets:           snapshot.See([]string(nil), snapshot.At("secrets", "GET /secrets")),
	}
	change(&s)
	return example.Engine(inSwarm(s))
}

func checkAutolock(c *rule.Context, s *snapshot.Swarm) rule.Answer {
	if !s.Manager {
		return c.NotApplicable("the node is a worker")
	}
	if s.AutoLock.Read(c) {
		return c.Pass("managers are locked when they start")
	}
	return c.Fail("autolock is off: the key of the swarm's secrets is on the managers' disks")
}
