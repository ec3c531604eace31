package container

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func engineSocketMounted() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-socket-mounted",
		Title:    "A container has the engine's socket inside",
		Severity: rule.Critical,
		Confined: rule.High,
		Why: "Whoever can connect to the socket can start a privileged container with the host's disk inside. " +
			"A program in this container therefore controls the engine, every other container and, where the engine runs as root, the host. " +
			"A read-only mount changes nothing: connecting to a socket is not a write.",
		Fix: rule.Fix{
			Text:    "Remove the mount. Where the container needs some of the API, let it talk to a filtering proxy on a network of their own; to judge it, start Seawall outside.",
			Run:     "remove: -v /var/run/docker.sock:/var/run/docker.sock",
			Compose: "services:\n  web:\n    volumes: []   # without /var/run/docker.sock and directories that contain it, such as /run",
			Breaks:  "The container can no longer start, list or watch other containers.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.Drop("volumes"), rule.Drop("volumes_from"), rule.Drop("use_api_socket")}},
		},
		Refs: rule.Refs{CIS: "5.32", NIST: "4.4.3", ATTACK: "T1611", Guide: "G6 G2", Docs: "Protect the Docker daemon socket", Peers: "kics:d6355c88 CL-0001 docksec:docker-socket semgrep:exposing-docker-socket-volume"},
		Bad: []rule.Example{
			{Run: "docker run -v /var/run/docker.sock:/var/run/docker.sock alpine"},
			{Run: "docker run -v /run/docker.sock:/tmp/x:ro alpine"},
			{Run: "docker run -v /run:/hostrun alpine"},
			{Run: "docker run -v /:/host:ro alpine"},
			{Run: "docker run --mount type=volume,src=s,dst=/s,volume-driver=local,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=/run alpine"},
			{Run: "docker run --name helper -v /var/run:/r busybox\ndocker run --name web --volumes-from helper alpine"},
			{Show: "a volume that binds the directory of the socket", Run: "docker run -v sock:/s alpine", Facts: example.BindVolume("sock", "/run")},
			{Show: "a second name of the socket", Run: "docker run -v /srv/api:/s alpine", Facts: func(s *snapshot.Snapshot) {
				setListenerCopies(s, "/srv/api/x.sock")
			}},
		},
		Good: []rule.Example{
			{Run: "docker run -v /srv/data:/data alpine"},
			{Run: "docker run -v data:/data alpine"},
			{Run: "docker run -v /var/log/app:/log --tmpfs /run alpine"},
		},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			r := reaches(c, ctr, engineService())
			if r == nil {
				return c.Pass("no mount brings an engine's socket inside")
			}
			if image, _ := ctr.Image.Peek(); proxyImage(image) != "" {
				return c.NotApplicable("its image %s is a filtering proxy, which engine-socket-proxy judges", image)
			}
			r.cite(c)
			return c.Fail("the engine's socket is inside: %s%s%s", r.how, r.readOnlyNote(), life(ctr))
		},
	}
}
