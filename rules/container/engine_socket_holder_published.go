package container

import (
	"seawall/rule"
	"seawall/snapshot"
)

func engineSocketHolderPublished() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-socket-holder-published",
		Title:    "A container that controls the engine is open to the network",
		Severity: rule.High,
		Why: "The container has the engine's socket inside and answers on a port of the host, as management interfaces, reverse proxies and build servers do. " +
			"One flaw in it, or one weak password, and whoever reaches the port is root on the host.",
		Fix: rule.Fix{
			Text:    "Publish the port on 127.0.0.1 or behind a VPN, and give the container a filtering proxy in place of the socket.",
			Run:     "-p 127.0.0.1:9000:9000 -e DOCKER_HOST=tcp://socket-proxy:2375   # without -v /var/run/docker.sock",
			Compose: "services:\n  web:\n    ports: [\"127.0.0.1:9000:9000\"]",
			Breaks:  "Clients that come in from other machines.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.OnLoopback()}},
		},
		Refs: rule.Refs{CISRelated: "5.32 5.14", NIST: "4.4.3", ATTACK: "T1190 T1611", Guide: "G6 G25", Docs: "Protect the Docker daemon socket"},
		Bad: []rule.Example{
			{Run: "docker run -p 0.0.0.0:9000:9000 -v /var/run/docker.sock:/var/run/docker.sock portainer/portainer-ce"},
			{Run: "docker run --network web -p 80:80 -v /run:/host/run:ro traefik"},
		},
		Good: []rule.Example{
			{Run: "docker run -p 127.0.0.1:9000:9000 -v /var/run/docker.sock:/var/run/docker.sock portainer/portainer-ce"},
			{Run: "docker run -v /var/run/docker.sock:/var/run/docker.sock alpine"},
			{Run: "docker run -p 0.0.0.0:80:80 alpine"},
		},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			r := reaches(c, ctr, engineService())
			if r == nil {
				return c.Pass("no engine's socket is inside")
			}
			if image, _ := ctr.Image.Try(c); proxyImage(image) != "" {
				return c.NotApplicable("its image %s is a filtering proxy, which engine-socket-proxy judges", image)
			}
			ports := openPorts(c, ctr)
			if len(ports) == 0 {
				return c.Pass("no port of it is open beyond this host")
			}
			r.cite(c)
			c.Cite(ctr.Ports.Origin(), portText(ports[0]))
			return failGraded(c, ctr, rule.High, "", "it controls the engine by %s and answers on its %s%s", r.how, portText(ports[0]), life(ctr))
		},
	}
}
