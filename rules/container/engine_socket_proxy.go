package container

import (
	"slices"

	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func engineSocketProxy() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-socket-proxy",
		Title:    "A proxy hands the engine's API to other containers",
		Severity: rule.Medium,
		Why: "The proxy lets only some API calls through, which is better than the socket itself. " +
			"What it lets through is open to every container on its networks, without authentication: even reading gives the variables, logs and files of all containers. " +
			"Whoever breaks into the proxy has the whole API.",
		Fix: rule.Fix{
			Text:    "Give the proxy and its one client an internal network of their own, publish no port of it, and allow only the sections of the API that the client uses.",
			Run:     "docker network create --internal socket && docker run --network socket -e CONTAINERS=1 -e POST=0 ...",
			Compose: "services:\n  proxy:\n    networks: [socket]\n    environment: {CONTAINERS: 1, POST: 0}\nnetworks:\n  socket: {internal: true}",
			Breaks:  "Clients that are not on the network any more, and calls that are not allowed any more.",
			Edits:   rule.Edits{Not: "which calls its clients need, and on which network they are, is not in the file"},
		},
		Refs: rule.Refs{CIS: "5.32", NIST: "4.4.3", ATTACK: "T1552.007", Guide: "G6 G13", Docs: "Protect the Docker daemon socket"},
		Bad: []rule.Example{
			{Run: "docker run -v /var/run/docker.sock:/var/run/docker.sock:ro tecnativa/docker-socket-proxy"},
			{Run: "docker run --name web --network apps nginx\ndocker run --name proxy --network apps -v /run/docker.sock:/run/docker.sock lscr.io/linuxserver/socket-proxy:latest"},
			{Run: "docker run -p 2375:2375 -v /run/docker.sock:/run/docker.sock tecnativa/docker-socket-proxy"},
		},
		Good: []rule.Example{{Run: "docker run tecnativa/docker-socket-proxy"}, {Run: "docker run alpine"}},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			image, _ := ctr.Image.Try(c)
			if proxyImage(image) == "" {
				return c.Pass("its image is no known proxy of the engine's socket")
			}
			r := reaches(c, ctr, engineService())
			if r == nil {
				return c.Pass("the proxy has no engine socket inside")
			}
			r.cite(c)
			if ports, _ := ctr.Ports.Peek(); len(ports) > 0 {
				return c.FailAs(rule.High, "it publishes a port, so that the API is open beyond the engine's networks",
					"%s filters the engine's API at %s and publishes its %s%s%s", image, r.how, portText(ports[0]), clientsOf(c, ctr), life(ctr))
			}
			return c.Fail("%s filters the engine's API at %s%s%s", image, r.how, clientsOf(c, ctr), life(ctr))
		},
	}
}

// clientsOf names the containers that share a network with the container.
func clientsOf(c *rule.Context, ctr *snapshot.Container) string {
	var names []string
	endpoints, _ := ctr.Networks.Peek()
	for _, e := range endpoints {
		if n := network(c, e.Network); n != nil {
			others, _ := n.Containers.Peek()
			for _, name := range others {
				if name != ctr.Name && !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
	}
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	const most = 5
	if len(names) > most {
		return lang.Sprintf(", open to %s and others", lang.Comma(names[:most]))
	}
	return lang.Sprintf(", open to %s", lang.Comma(names))
}
