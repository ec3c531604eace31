package listener

import (
	"strconv"

	"seawall/confinement"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func loopbackReachable() *rule.Rule {
	return &rule.Rule{
		ID:       "api-on-loopback-reachable",
		Title:    "Containers with the host's network reach the open API on the loopback address",
		Severity: rule.Critical,
		Why: "A listener on 127.0.0.1 looks closed to others. A container with --network host, or one that joins such a container, shares that address: " +
			"one request from inside it controls the engine.",
		Fix: rule.Fix{
			Text:   "Remove the listener, or demand client certificates; take the host's network from containers that do not need it.",
			Daemon: `{"hosts": ["unix:///run/docker.sock"]}`,
			Breaks: "Programs on the host that use the port; they can use the unix socket.",
		},
		Refs: rule.Refs{CISRelated: "2.8 5.10", NIST: "4.3.1 4.4.2", ATTACK: "T1611 T1610", Guide: "G13", Docs: "Protect the Docker daemon socket"},
		Bad: []rule.Example{
			{Show: "dockerd -H tcp://127.0.0.1:2375 and docker run --network host", Facts: onLoopback("host")},
			{Show: "… and a second container in the network of the first", Facts: onLoopback("host", "container:web0")},
		},
		Good:     []rule.Example{{Show: "dockerd -H tcp://127.0.0.1:2375, containers on bridges", Facts: onLoopback("bridge")}},
		Listener: onTCP(checkLoopbackReachable),
	}
}

// onLoopback is an engine with an open API on the loopback address and
// containers web0, web1, … in these network modes.
func onLoopback(modes ...string) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		example.AddTCP(e, "127.0.0.1:2375", plain, false)
		for i, mode := range modes {
			name := "web" + strconv.Itoa(i)
			source := "GET /containers/" + name + "/json"
			example.Add(&e.Containers, snapshot.Container{ID: "id-" + name, Name: name,
				State:       snapshot.See("running", snapshot.At("State.Status", source)),
				NetworkMode: snapshot.See(mode, snapshot.At("HostConfig.NetworkMode", source))})
		}
	})
}

func checkLoopbackReachable(c *rule.Context, l *snapshot.Listener, h snapshot.Handshake) rule.Answer {
	switch {
	case !l.Loopback():
		return c.NotApplicable("the listener is not on a loopback address")
	case !h.Anonymous && !h.Plaintext:
		return c.Pass("%s refuses clients without a certificate, containers too", l.Address)
	}
	containers, _ := c.Engine.Containers.Look(c)
	var inside []string
	for i := range containers {
		ctr := &containers[i]
		if !confinement.Namespace(quiet{c}, c.Engine, ctr, confinement.NetNS).Host {
			continue
		}
		mode, _ := ctr.NetworkMode.Peek()
		c.Cite(ctr.NetworkMode.Origin(), mode)
		name := ctr.Name
		if !ctr.Running() {
			name = lang.Sprintf("%s (not running)", name)
		}
		inside = append(inside, name)
	}
	if len(inside) > 0 {
		return c.Fail("the open API on %s can be reached from inside %s", l.Address, lang.Comma(inside))
	}
	return c.Pass("no container shares the host's network")
}

// quiet keeps the settings of thousands of containers out of the evidence; the
// check cites those that decide.
type quiet struct{ *rule.Context }

// Saw records nothing.
func (quiet) Saw(snapshot.Origin, any) {}
