package container

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// engineAPIPort is the port on which engines serve their API without TLS.
var engineAPIPort = []knownPort{{2375, "tcp", rule.High, lang.N("the engine's API")}}

func engineAPIPublished() *rule.Rule {
	return &rule.Rule{
		ID:       "port-engine-api-published",
		Title:    "A container offers an engine's API to the network",
		Severity: rule.High,
		Why: "Port 2375 is where engines serve their API without TLS and to anyone. The engine in a container runs privileged: " +
			"whoever reaches the port starts containers there and through them takes over the host. The internet is searched for this port all the time.",
		Fix: rule.Fix{
			Text:    "Do not publish the port; clients in containers reach it over a network of their own. For others use TLS with client certificates.",
			Run:     "--network ci   # without -p 2375:2375",
			Compose: "services:\n  web:\n    networks: [ci]   # without ports",
			Breaks:  "Clients outside of the container's networks.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.OnLoopback()}},
		},
		Refs: rule.Refs{CISRelated: "2.8", NIST: "4.3.2", ATTACK: "T1133 T1610", Guide: "G4 G12", Docs: "Protect the Docker daemon socket"},
		Bad: []rule.Example{
			{Run: "docker run --privileged -p 0.0.0.0:2375:2375 docker:28-dind"},
			{Run: "docker run --network ci -p 12375:2375 app"},
		},
		Good: []rule.Example{
			{Run: "docker run -p 127.0.0.1:2375:2375 docker:28-dind"},
			{Run: "docker run -p 0.0.0.0:2376:2376 docker:28-dind"},
		},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			severity, text := publishes(c, ctr, openPorts(c, ctr), engineAPIPort)
			if severity == 0 {
				return c.Pass("it publishes no port of an engine's API")
			}
			if image, _ := ctr.Image.Try(c); proxyImage(image) != "" {
				return c.NotApplicable("its image %s is a filtering proxy, which engine-socket-proxy judges", image)
			}
			reason := ""
			if privileged, _ := ctr.Privileged.Try(c); privileged {
				severity, reason = rule.Critical, lang.T("the container is privileged: who controls its engine controls the host")
			}
			return failGraded(c, ctr, severity, reason, "it publishes %s without TLS%s", text, life(ctr))
		},
	}
}
