package network

import (
	"net"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func ignoresDefaultBind() *rule.Rule {
	return &rule.Rule{
		ID:       "network-ignores-default-bind",
		Title:    "Ports published in a network open on all addresses despite the engine's setting",
		Severity: rule.Medium,
		Why: "The engine's setting ip holds for the default bridge only. In every other network, those of Compose among them, a port published without an address opens on all addresses of the host, " +
			"although daemon.json reads as if that could not happen.",
		Fix: rule.Fix{
			Text:    "Let new networks bind to the address too, and make the existing ones anew; or name the address with each port.",
			Daemon:  `{"ip": "127.0.0.1", "default-network-opts": {"bridge": {"com.docker.network.bridge.host_binding_ipv4": "127.0.0.1"}}}`,
			Run:     "-p 127.0.0.1:8080:80",
			Compose: "networks:\n  app:\n    driver_opts:\n      com.docker.network.bridge.host_binding_ipv4: 127.0.0.1",
			Breaks:  "Clients on other machines that use ports published without an address.",
		},
		Refs:    rule.Refs{NIST: "4.4.2", ATTACK: "T1133", Guide: "G11 G12", Docs: "Port publishing and mapping"},
		Bad:     []rule.Example{{Show: "dockerd --ip 127.0.0.1; docker network create app", Facts: binding("127.0.0.1", "")}, {Show: "an address that stands for all", Facts: binding("192.0.2.5", "0.0.0.0")}},
		Good:    []rule.Example{{Show: "docker network create -o com.docker.network.bridge.host_binding_ipv4=127.0.0.1 app", Facts: binding("127.0.0.1", "127.0.0.1")}},
		Network: checkDefaultBind,
	}
}

func binding(engine, network string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		userBridge("28.5.2", func(n *snapshot.Network) { example.Set(&n.HostBinding, network) })(s)
		example.Set(&s.Engines[0].Settings.IP, engine)
	}
}

// checkDefaultBind was tried on 20.10 and 28.5: neither takes the setting over
// to networks that users make. Swarm's docker_gwbridge publishes nothing.
func checkDefaultBind(c *rule.Context, n *snapshot.Network) rule.Answer {
	switch {
	case n.Driver != "bridge" || n.Internal || n.Name == "docker_gwbridge":
		return c.NotApplicable("no port is published in it")
	case defaultBridge(n):
		return c.NotApplicable("the engine's setting holds for it")
	}
	own := n.HostBinding.Read(c)
	if !everyAddress(own) {
		return c.Pass("ports of %s open on %s unless told otherwise", n.Name, own)
	}
	if address := c.Engine.Settings.IP.Read(c); !everyAddress(address) {
		return c.Fail("ports of %s open on all addresses unless told otherwise, although the engine's address for ports is %s", n.Name, address)
	}
	return c.NotApplicable("the engine publishes on all addresses everywhere, which engine-default-bind-all reports")
}

// everyAddress reports whether an address for published ports stands for all.
func everyAddress(address string) bool {
	return address == "" || net.ParseIP(address).IsUnspecified()
}
