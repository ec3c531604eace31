package engine

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func defaultBindAll() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-default-bind-all",
		Title:    "Published ports open on all addresses unless told otherwise",
		Severity: rule.Low,
		Why: "docker run -p 5432:5432 opens the port on every address of the host, past firewalls such as ufw that filter in the INPUT chain. " +
			"With another default address a port becomes public only when somebody says so.",
		Fix: rule.Fix{
			Text:   "Set the default address to 127.0.0.1, for the default bridge and for new networks, and name the address where a port is meant to be public.",
			Daemon: `{"ip": "127.0.0.1", "default-network-opts": {"bridge": {"com.docker.network.bridge.host_binding_ipv4": "127.0.0.1"}}}`,
			Run:    "-p 192.0.2.10:443:443",
			Breaks: "Services that others reach by ports published without an address. Networks made before keep their default.",
		},
		Refs: rule.Refs{CISRelated: "5.14", NIST: "4.4.2", ATTACK: "T1133", Guide: "G11 G12", Docs: "Port publishing and mapping"},
		Bad: []rule.Example{
			{Daemon: `{}`},
			{Show: "dockerd", Facts: defaultAddress("0.0.0.0")},
			{Show: "dockerd --ip ::", Facts: defaultAddress("::")},
		},
		Good:   []rule.Example{{Daemon: `{"ip": "127.0.0.1"}`}, {Show: "dockerd --ip 127.0.0.1", Facts: defaultAddress("127.0.0.1")}},
		Engine: dockerd(checkDefaultBind),
	}
}

func defaultAddress(ip string) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.IP, ip) })
}

func checkDefaultBind(c *rule.Context, e *snapshot.Engine) rule.Answer {
	ip := e.Settings.IP.Read(c)
	if (snapshot.Port{HostIP: ip}).Any() {
		return c.Fail("ports published without an address open on all addresses of the host")
	}
	return c.Pass("ports published without an address open on %s", ip)
}
