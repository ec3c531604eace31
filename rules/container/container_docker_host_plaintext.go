package container

import (
	"strings"

	"seawall/confinement"
	"seawall/dockerhost"
	"seawall/rule"
	"seawall/snapshot"
)

func dockerHostPlaintext() *rule.Rule {
	return &rule.Rule{
		ID:       "container-docker-host-plaintext",
		Title:    "A container talks to an engine without verified TLS",
		Severity: rule.Medium,
		Why: "DOCKER_HOST leads the container's docker client to a TCP port without TLS. An API that serves it serves everyone who reaches the port: each can start a privileged container there. " +
			"Whoever is on the network between them reads and changes what is asked.",
		Fix: rule.Fix{
			Text:    "Give the client certificates (DOCKER_TLS_VERIFY, DOCKER_CERT_PATH), or put a filtering proxy before the engine on a network of their own.",
			Run:     "-e DOCKER_HOST=tcp://docker:2376 -e DOCKER_TLS_VERIFY=1 -e DOCKER_CERT_PATH=/certs/client -v certs:/certs/client:ro",
			Compose: "services:\n  web:\n    environment: {DOCKER_HOST: \"tcp://docker:2376\", DOCKER_TLS_VERIFY: 1, DOCKER_CERT_PATH: /certs/client}",
			Breaks:  "Nothing, once the engine serves TLS with client certificates.",
			Edits:   rule.Edits{Not: "TLS needs certificates on both sides"},
		},
		Refs: rule.Refs{NIST: "4.3.2", ATTACK: "T1552.007", Guide: "G4 G6", Docs: "Protect the Docker daemon socket"},
		Bad: []rule.Example{
			{Run: "docker run -e DOCKER_HOST=tcp://docker:2375 alpine"},
			{Run: "docker run -e DOCKER_HOST=tcp://172.17.0.1:2375 -e DOCKER_TLS_VERIFY= alpine"},
			{Run: "docker run --name proxy alpine\ndocker run -e DOCKER_HOST=tcp://proxy:2375 alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run alpine"},
			{Run: "docker run -e DOCKER_HOST=unix:///run/docker.sock alpine"},
			{Run: "docker run -e DOCKER_HOST=tcp://docker:2376 -e DOCKER_TLS_VERIFY=1 alpine"},
			{Run: "docker run --name proxy tecnativa/docker-socket-proxy\ndocker run -e DOCKER_HOST=tcp://proxy:2375 alpine"},
			{Run: "docker run -e DOCKER_HOST=tcp://localhost:2375 --network container:dind alpine"},
		},
		Container: checkDockerHostPlaintext,
	}
}

func checkDockerHostPlaintext(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	address := ctr.DockerHost.Read(c)
	host := dockerhost.TCPName(address)
	if host == "" {
		return c.Pass("no DOCKER_HOST leads it to a TCP port without TLS")
	}
	for _, v := range ctr.Env.Read(c) {
		if v.Name == "DOCKER_TLS_VERIFY" && v.Kind != snapshot.EnvEmpty {
			return c.Pass("its docker client verifies the engine by TLS")
		}
	}
	if isLoopback(host) {
		return c.Pass("its DOCKER_HOST is a loopback address, which is not left")
	}
	if image := imageServing(c, ctr, host); proxyImage(image) != "" {
		return c.Pass("its DOCKER_HOST is a filtering proxy, which engine-socket-proxy judges")
	}
	c.Cite(ctr.DockerHost.Origin(), address)
	return c.Fail("its docker client talks to %s without TLS%s", address, life(ctr))
}

// imageServing is the image of the container that a name leads to: its own
// name, or its service's, that of the container's own project first.
func imageServing(c *rule.Context, ctr *snapshot.Container, host string) string {
	found := confinement.Find(c, c.Engine, host)
	list, _ := c.Engine.Containers.Peek()
	for i := range list {
		if strings.EqualFold(list[i].Service, host) && (found == nil || list[i].Project == ctr.Project) {
			found = &list[i]
		}
	}
	if found == nil {
		return ""
	}
	image, known := found.Image.Look(c)
	if !known {
		c.Stop()
	}
	return image
}
