package container

import (
	"net"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// openPorts are the published ports that others than the host reach: all but
// those on a loopback address.
func openPorts(c *rule.Context, ctr *snapshot.Container) []snapshot.Port {
	return portsOn(c, ctr, func(address string) bool { return !isLoopback(address) })
}

// anyPorts are the published ports that are open on all addresses of the host.
func anyPorts(c *rule.Context, ctr *snapshot.Container) []snapshot.Port {
	return portsOn(c, ctr, func(address string) bool { return snapshot.Port{HostIP: address}.Any() })
}

func portsOn(c *rule.Context, ctr *snapshot.Container, wanted func(address string) bool) []snapshot.Port {
	var out []snapshot.Port
	for _, p := range ctr.Ports.Read(c) {
		if address, known := boundTo(c, ctr, p); known && wanted(address) {
			out = append(out, p)
		}
	}
	return out
}

// boundTo is the address that a port is published on; "" for all. Where it
// names none, its network decides: for the default bridge the engine's setting
// "ip", for others an option of their own.
func boundTo(c *rule.Context, ctr *snapshot.Container, p snapshot.Port) (address string, known bool) {
	if p.HostIP != "" {
		return p.HostIP, true
	}
	mode, known := ctr.NetworkMode.Try(c)
	if slices.Contains([]string{"bridge", "default", ""}, mode) {
		ip, told := c.Engine.Settings.IP.Try(c)
		return ip, known && told
	}
	if n := network(c, mode); n != nil {
		return n.HostBinding.Try(c)
	}
	_, listed := c.Engine.Networks.Peek()
	return "", listed // a network that is not there yet has the usual options
}

// knownPort is a service by the port it usually listens on in its container.
type knownPort struct {
	port     int
	protocol string
	severity rule.Severity
	name     string
}

// publishes finds the services of a table among published ports of the
// container: the worst severity, and each with its port.
func publishes(c *rule.Context, ctr *snapshot.Container, ports []snapshot.Port, table []knownPort) (rule.Severity, string) {
	worst := rule.Severity(0)
	var texts []string
	for _, p := range ports {
		for _, k := range table {
			if k.port == p.Port && k.protocol == p.Protocol {
				c.Cite(ctr.Ports.Origin(), portText(p))
				texts = append(texts, lang.Bracket(lang.T(k.name), portText(p)))
				worst = max(worst, k.severity)
			}
		}
	}
	return worst, lang.Comma(texts)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip.IsLoopback()
}
