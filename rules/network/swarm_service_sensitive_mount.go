package network

import (
	"seawall/hostpath"
	"seawall/hostplace"
	"seawall/rule"
	"seawall/snapshot"
)

func serviceMount() *rule.Rule {
	return &rule.Rule{
		ID:       "swarm-service-sensitive-mount",
		Title:    "A swarm service has a sensitive path of its nodes inside",
		Severity: rule.High,
		Why: "Its containers read the secrets of whatever node they run on, or change what that node runs as root. " +
			"The swarm chooses the node: one service opens many hosts, managers among them unless a constraint says otherwise.",
		Fix: rule.Fix{
			Text:    "Give the service configs, secrets and volumes in place of the node's own directories; mount single files read-only where nothing else will do.",
			Shell:   "docker service update --mount-rm /TARGET SERVICE",
			Compose: "services:\n  web:\n    configs: [site.conf]",
			Breaks:  "Programs that read other files there, such as monitoring agents.",
		},
		Refs: rule.Refs{NIST: "4.5.5", ATTACK: "T1611", Guide: "G25", Docs: "Store configuration data using Docker Configs"},
		Bad: []rule.Example{
			{Show: "docker service create --mount type=bind,src=/etc,dst=/x", Facts: withMount("/etc", false)},
			{Show: "docker service create --mount type=bind,src=/,dst=/host,ro", Facts: withMount("/", true)},
		},
		Good: []rule.Example{
			{Show: "docker service create --mount type=bind,src=/srv/www,dst=/www", Facts: withMount("/srv/www", false)},
			{Show: "the node's time zone, read-only", Facts: withMount("/etc/localtime", true)},
			{Show: "the engine's socket is another matter", Facts: withMount("/var/run/docker.sock", false)},
		},
		Swarm: perService("services have sensitive paths of their nodes inside", "no service mounts a sensitive path", sensitiveMounts),
	}
}

// sensitiveMounts names what lets a service read a node's secrets or take the
// node over. Sockets are judged by a rule of their own.
func sensitiveMounts(s *snapshot.SwarmService) string {
	return mounts(s, func(m *snapshot.ServiceMount) string {
		source := hostpath.Clean(m.Source)
		place, severity := hostplace.Of(source, m.ReadOnly)
		if severity < rule.High || hostpath.SocketFile(source) {
			return ""
		}
		return m.Source + ": " + place.Gives
	})
}
