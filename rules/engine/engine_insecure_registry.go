package engine

import (
	"net"
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func insecureRegistry() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-insecure-registry",
		Title:    "The engine trusts registries without TLS",
		Severity: rule.High,
		Confined: rule.Medium,
		Why: "From an insecure registry the engine takes images over plain HTTP or behind any certificate. " +
			"Whoever sits on the way can put in an image of their own, which then runs here, and reads the credentials that are sent.",
		Fix: rule.Fix{
			Text:   "Give the registry a certificate, put its CA into /etc/docker/certs.d, and remove the entry.",
			Daemon: `{"insecure-registries": []}`,
			Shell:  "sudo install -D -m 444 ca.crt /etc/docker/certs.d/registry.example:5000/ca.crt",
			Breaks: "Pulls from registries that have no TLS yet.",
		},
		Refs: rule.Refs{CIS: "2.5", NIST: "4.2.1", ATTACK: "T1195.002 T1557", Guide: "G21", Docs: "dockerd"},
		Bad: []rule.Example{
			{Daemon: `{"insecure-registries": ["registry.example:5000"]}`},
			{Show: "dockerd --insecure-registry 0.0.0.0/0", Facts: registries("0.0.0.0/0")},
		},
		Good:   []rule.Example{{Daemon: `{}`}, {Show: "a registry on this host", Facts: registries("127.0.0.0/8", "localhost:5000")}},
		Engine: dockerd(checkInsecureRegistry),
	}
}

func registries(names ...string) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.InsecureRegistries, names) })
}

func checkInsecureRegistry(c *rule.Context, e *snapshot.Engine) rule.Answer {
	var remote []string
	for _, name := range e.Settings.InsecureRegistries.Read(c) {
		if !loopbackRegistry(name) {
			remote = append(remote, name)
		}
	}
	if len(remote) > 0 {
		return c.Fail("the engine takes images without verified TLS from %s", lang.Comma(remote))
	}
	return c.Pass("every registry beyond this host needs TLS")
}

// loopbackRegistry reports whether an entry (host, host:port or network) stays
// on this host.
func loopbackRegistry(name string) bool {
	if ip, network, err := net.ParseCIDR(name); err == nil {
		ones, bits := network.Mask.Size()
		return ip.IsLoopback() && (ones == 128 || bits == 32 && ones >= 8)
	}
	host, _, err := net.SplitHostPort(name)
	if err != nil { // no port
		host = strings.Trim(name, "[]")
	}
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}
