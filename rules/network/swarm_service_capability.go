package network

import (
	"strings"

	"seawall/rule"
	"seawall/snapshot"
)

func serviceCapability() *rule.Rule {
	return &rule.Rule{
		ID:       "swarm-service-capability",
		Title:    "A swarm service adds capabilities that reach the host",
		Severity: rule.High,
		Why: "With these capabilities root in a container mounts file systems, loads kernel code or reads any file of its node. " +
			"A service has them on every node that the swarm chooses for it.",
		Fix: rule.Fix{
			Text:    "Take the capability from the service; drop all and add those that it is seen to use.",
			Shell:   "docker service update --cap-add-rm SYS_ADMIN SERVICE   # before 24.0: --cap-drop SYS_ADMIN",
			Compose: "services:\n  web:\n    cap_drop: [ALL]\n    cap_add: []   # without SYS_ADMIN",
			Breaks:  "What the capability was added for, such as mounting or tracing.",
		},
		Refs:  rule.Refs{NIST: "4.4.3", ATTACK: "T1611", Guide: "G17", Docs: "docker service create"},
		Bad:   []rule.Example{{Show: "docker service create --cap-add SYS_ADMIN", Facts: withService(snapshot.ServiceSpec{CapAdd: snapshot.Caps("CAP_SYS_ADMIN", "CHOWN")})}, {Show: "docker service create --cap-add ALL", Facts: withService(snapshot.ServiceSpec{CapAdd: snapshot.AllCaps})}},
		Good:  []rule.Example{{Show: "docker service create --cap-add NET_BIND_SERVICE", Facts: withService(snapshot.ServiceSpec{CapAdd: snapshot.Caps("NET_BIND_SERVICE")})}},
		Swarm: perService("services have capabilities that reach the host", "no service adds a capability that reaches the host", hostCapabilities),
	}
}

// reachHost are the capabilities each of which is a way to the host by itself,
// or, with the node's processes or network in view, soon becomes one.
var reachHost = snapshot.Caps("SYS_ADMIN", "SYS_MODULE", "SYS_RAWIO", "SYS_PTRACE", "DAC_READ_SEARCH", "BPF", "NET_ADMIN")

func hostCapabilities(s *snapshot.SwarmService) string {
	if s.CapAdd.Has(snapshot.AllCaps) {
		return "all capabilities"
	}
	return strings.Join((s.CapAdd & reachHost).Names(), ", ")
}
