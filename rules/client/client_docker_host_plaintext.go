package client

import (
	"seawall/dockerhost"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func dockerHostPlaintext() *rule.Rule {
	return &rule.Rule{
		ID:       "client-docker-host-plaintext",
		Title:    "DOCKER_HOST leads to an engine without verified TLS",
		Severity: rule.High,
		Why: "The variable sends every docker command of this user over TCP, without encryption or without checking who answers. " +
			"Registry passwords, build contexts and environment variables can be read and changed on the way.",
		Fix: rule.Fix{
			Text:   "Use ssh, or set DOCKER_TLS_VERIFY with certificates; better, make a context and remove the variable.",
			Shell:  "export DOCKER_HOST=ssh://admin@host\n# or: docker context create remote --docker host=ssh://admin@host && docker context use remote",
			Breaks: "Nothing, if the user has ssh access to the host.",
		},
		Refs: rule.Refs{CISRelated: "2.8", NIST: "4.3.1", ATTACK: "T1040 T1557", Guide: "G1 G4 G5", Docs: "docker CLI environment variables"},
		Bad: []rule.Example{
			{Show: "export DOCKER_HOST=tcp://10.0.0.5:2375 in ~/.profile", Facts: dockerHost("tcp://10.0.0.5:2375", false)},
			{Show: "export DOCKER_HOST=10.0.0.5:2375, which is TCP too", Facts: dockerHost("10.0.0.5:2375", false)},
		},
		Good: []rule.Example{
			{Show: "export DOCKER_HOST=ssh://admin@10.0.0.5", Facts: dockerHost("ssh://admin@10.0.0.5", false)},
			{Show: "… with DOCKER_TLS_VERIFY=1", Facts: dockerHost("tcp://10.0.0.5:2376", true)},
		},
		Client: checkDockerHost,
	}
}

func dockerHost(host string, verify bool) func(*snapshot.Snapshot) {
	return example.Client(func(cl *snapshot.Client) {
		example.Set(&cl.DockerHost, host)
		example.Set(&cl.DockerTLSVerify, verify)
	})
}

func checkDockerHost(c *rule.Context, cl *snapshot.Client) rule.Answer {
	host := cl.DockerHost.Read(c)
	switch {
	case host == "":
		return c.NotApplicable("%s sets no DOCKER_HOST", cl.User)
	case !dockerhost.Beyond(host):
		return c.Pass("DOCKER_HOST of %s is %s", cl.User, host)
	case cl.DockerTLSVerify.Read(c):
		return c.Pass("DOCKER_HOST of %s is %s with verified TLS", cl.User, host)
	}
	return c.Fail("DOCKER_HOST of %s is %s without verified TLS", cl.User, host)
}
