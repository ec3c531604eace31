package network

import (
	"strings"

	"seawall/rule"
	"seawall/snapshot"
)

func serviceUnconfined() *rule.Rule {
	return &rule.Rule{
		ID:       "swarm-service-unconfined",
		Title:    "A swarm service switches off guards of the kernel",
		Severity: rule.High,
		Why: "seccomp, AppArmor and SELinux stand between a program in a container and the kernel of its node. " +
			"A service without them may use every system call, or write where the policy forbids it, on every node it runs on.",
		Fix: rule.Fix{
			Text:    "Let the service have the default profiles; where one call more is needed, give it a profile of its own.",
			Shell:   "docker service inspect SERVICE -f '{{json .Spec.TaskTemplate.ContainerSpec.Privileges}}'",
			Compose: "services:\n  web:\n    security_opt: []   # without seccomp=unconfined, apparmor=unconfined, label=disable",
			Breaks:  "Programs that use filtered calls.",
		},
		Refs: rule.Refs{NIST: "4.4.3", ATTACK: "T1611", Guide: "G20", Docs: "Seccomp security profiles for Docker"},
		Bad: []rule.Example{
			{Show: "Privileges.Seccomp.Mode unconfined", Facts: withService(snapshot.ServiceSpec{Unconfined: []string{"seccomp", "AppArmor"}})},
		},
		Good:  []rule.Example{{Show: "docker service create", Facts: withService(snapshot.ServiceSpec{})}},
		Swarm: perService("services run without guards of the kernel", "no service switches off a guard of the kernel", unconfined),
	}
}

func unconfined(s *snapshot.SwarmService) string {
	if len(s.Unconfined) == 0 {
		return ""
	}
	return "without " + strings.Join(s.Unconfined, " and ")
}
