package image

import (
	"slices"
	"strings"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func exposesSSH() *rule.Rule {
	return &rule.Rule{
		ID:       "image-exposes-ssh",
		Title:    "An image declares an ssh port",
		Severity: rule.Low,
		Why: "EXPOSE 22 says that an ssh server runs in the containers: one more way in, with keys and passwords that every copy of the image shares. " +
			"--publish-all opens the port on the host.",
		Fix: rule.Fix{
			Text:   "Remove the ssh server and the line; docker exec on the host serves the same end.",
			Shell:  "docker exec -it NAME sh",
			Breaks: "Whoever logs in by ssh.",
		},
		Refs: rule.Refs{CISRelated: "5.7 5.9", NIST: "4.4.3", ATTACK: "T1021.004", Guide: "G21", Docs: "Dockerfile reference", Peers: "DS-0004 CKV_DOCKER_1 kics:exposing_port_22"},
		Bad:  []rule.Example{exposing("22/tcp")},
		Good: []rule.Example{exposing("80/tcp", "2222/tcp", "22/udp"), {Run: "docker run alpine"}},
		Image: func(c *rule.Context, i *snapshot.Image) rule.Answer {
			if a, done := unused(c, i); done {
				return a
			}
			if slices.Contains(i.Exposed.Read(c), "22/tcp") {
				c.Cite(i.Exposed.Origin(), "22/tcp")
				return c.Fail("it declares port 22/tcp, that of ssh")
			}
			return c.Pass("it declares no ssh port")
		},
	}
}

func exposing(ports ...string) rule.Example {
	return rule.Example{Show: "EXPOSE " + strings.Join(ports, " "), Run: "docker run alpine", Facts: example.Engine(func(e *snapshot.Engine) {
		images, _ := e.Images.Peek()
		example.Set(&images[0].Exposed, ports)
	})}
}
