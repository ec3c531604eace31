package image

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func volumeAtEngineSocket() *rule.Rule {
	return &rule.Rule{
		ID:       "image-volume-at-engine-socket",
		Title:    "An image declares a volume at the engine's socket",
		Severity: rule.Low,
		Why:      "The line gives no access: without a mount the volume is empty. It says that the program expects the socket of the engine there, and whoever follows it gives the container control of the host.",
		Fix: rule.Fix{
			Text:   "Remove the line, and give the program what it needs of the API by way of a proxy that lets nothing else through.",
			Shell:  "VOLUME /var/lib/app   # in the Dockerfile",
			Breaks: "Nothing: who mounts the socket needs no volume for it.",
		},
		Refs: rule.Refs{
			CISRelated: "5.32", NIST: "4.4.3", ATTACK: "T1611", Guide: "G6", Docs: "Dockerfile reference",
			Peers: "semgrep:dockerfile-dockerd-socket-mount",
		},
		Bad:  []rule.Example{withVolumes("/var/run/docker.sock"), withVolumes("/data", "/run/docker.sock")},
		Good: []rule.Example{withVolumes("/var/lib/app"), {Run: "docker run alpine"}},
		Image: func(c *rule.Context, i *snapshot.Image) rule.Answer {
			return volumesAt(c, i, engineSockets, lang.T("the engine's socket"))
		},
	}
}

// engineSockets are the usual places of sockets that give control of a host.
var engineSockets = []string{
	"/run/containerd/containerd.sock", "/run/docker.sock", "/run/podman/podman.sock", "/var/run/containerd/containerd.sock", "/var/run/docker.sock", "/var/run/podman/podman.sock",
}
