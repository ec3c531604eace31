package network

import (
	"seawall/hostpath"
	"seawall/rule"
	"seawall/snapshot"
)

func serviceSocket() *rule.Rule {
	return &rule.Rule{
		ID:       "swarm-service-engine-socket",
		Title:    "A swarm service has the engine's socket inside",
		Severity: rule.Critical,
		Why: "The service's containers control the engine of every node they run on, and with it the node. " +
			"On a manager that is the whole swarm, its secrets included. The service may run on nodes that nobody audits; a read-only mount changes nothing.",
		Fix: rule.Fix{
			Text:    "Remove the mount. What needs some of the API gets it from a filtering proxy, and runs on the nodes that need it only.",
			Shell:   "docker service update --mount-rm /var/run/docker.sock SERVICE",
			Compose: "services:\n  web:\n    volumes: []   # without /var/run/docker.sock and directories that contain it, such as /run",
			Breaks:  "The service can no longer start, list or watch containers.",
		},
		Refs: rule.Refs{NIST: "4.4.3", ATTACK: "T1611", Guide: "G6", Docs: "Protect the Docker daemon socket"},
		Bad: []rule.Example{
			{Show: "docker service create --mount type=bind,src=/var/run/docker.sock,dst=/s.sock", Facts: withMount("/var/run/docker.sock", true)},
			{Show: "docker service create --mount type=bind,src=/run,dst=/hostrun", Facts: withMount("/run", false)},
			{Show: "the socket of containerd", Facts: withMount("/run/containerd/containerd.sock", false)},
			{Show: "a socket that was put elsewhere", Facts: withMount("/srv/docker.sock", false)},
		},
		Good:  []rule.Example{{Show: "docker service create --mount type=bind,src=/srv/www,dst=/www", Facts: withMount("/srv/www", false)}},
		Swarm: perService("services have a control socket of their nodes inside", "no service mounts a control socket", socketMounts),
	}
}

// usualSockets are where engines and containerd listen unless told otherwise:
// those of the other nodes are not known here.
var usualSockets = [...]string{"/run/docker.sock", "/run/containerd/containerd.sock", "/run/docker/containerd/containerd.sock"}

func socketMounts(s *snapshot.SwarmService) string {
	return mounts(s, func(m *snapshot.ServiceMount) string {
		source := hostpath.Clean(m.Source)
		if hostpath.SocketFile(source) {
			return m.Source
		}
		for _, socket := range usualSockets {
			if hostpath.Within(socket, source) {
				return m.Source + ", which contains " + socket
			}
		}
		return ""
	})
}
