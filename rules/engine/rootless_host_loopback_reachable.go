package engine

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func hostLoopback() *rule.Rule {
	return &rule.Rule{
		ID:       "rootless-host-loopback-reachable",
		Title:    "Containers of the rootless engine reach the host's loopback address",
		Severity: rule.High,
		Why: "rootlesskit can map an address of the containers' network, such as 10.0.2.2, to the host's 127.0.0.1. " +
			"Databases, agents and APIs that listen there trust that only the host comes by; every container of the engine does then.",
		Fix: rule.Fix{
			Text:   "Start rootlesskit with --disable-host-loopback, as dockerd-rootless.sh does unless told otherwise.",
			Shell:  "systemctl --user edit docker.service   # no DOCKERD_ROOTLESS_ROOTLESSKIT_DISABLE_HOST_LOOPBACK=false\nsystemctl --user restart docker",
			Breaks: "Containers that use services of the host at 10.0.2.2; give them an address of the host.",
		},
		Refs:   rule.Refs{NIST: "4.4.2 4.4.3", ATTACK: "T1210", Guide: "G13", Docs: "Rootless mode"},
		Bad:    []rule.Example{{Show: "DOCKERD_ROOTLESS_ROOTLESSKIT_DISABLE_HOST_LOOPBACK=false", Facts: kit("slirp4netns", true)}},
		Good:   []rule.Example{{Show: "rootlesskit --disable-host-loopback", Facts: kit("slirp4netns", false)}},
		Engine: dockerd(checkHostLoopback),
	}
}

func kit(network string, loopback bool) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		example.Rootless(e)
		example.Set(&e.Daemon.Rootlesskit, snapshot.Rootlesskit{Network: network, HostLoopback: loopback})
	})
}

func checkHostLoopback(c *rule.Context, e *snapshot.Engine) rule.Answer {
	if !e.Settings.Rootless.Read(c) {
		return c.NotApplicable("the engine is not rootless")
	}
	kit := e.Daemon.Rootlesskit.Read(c)
	switch kit.Network {
	case "slirp4netns", "pasta", "vpnkit", "gvisor-tap-vsock":
	default:
		return c.NotApplicable("the network %q of rootlesskit has no address that stands for the host's loopback", kit.Network)
	}
	if kit.HostLoopback {
		return c.Fail("containers reach the host's loopback address through %s", kit.Network)
	}
	return c.Pass("the host's loopback address is kept from the containers")
}
