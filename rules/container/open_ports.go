package container

import (
	"net"
	"slices"
	"strings"

	"seawall/rule"
	"seawall/snapshot"
)

// openPorts are the published ports that others than the host reach: all but
// those on a loopback address.
func openPorts(c *rule.Context, ctr *snapshot.Container) []snapshot.Port {
	var out []snapshot.Port
	for _, p := range ctr.Ports.Read(c) {
		if !isLoopback(boundTo(c, ctr, p)) {
			out = append(out, p)
		}
	}
	return out
}

// boundTo is the address that a port is published on; "" for all. Where it
// names none, the default bridge takes the engine's setting "ip". What is not
// known ends the check.
func boundTo(c *rule.Context, ctr *snapshot.Container, p snapshot.Port) string {
	if p.HostIP != "" {
		return p.HostIP
	}
	if !meansDefaultBridge(ctr.NetworkMode.Read(c)) {
		return ""
	}
	return c.Engine.Settings.IP.Read(c)
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
				texts = append(texts, k.name+" ("+portText(p)+")")
				worst = max(worst, k.severity)
			}
		}
	}
	return worst, strings.Join(texts, ", ")
}

func isLoopback(host string) bool {
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip.IsLoopback()
}

// meansDefaultBridge reports whether a network mode is the default bridge's.
func meansDefaultBridge(mode string) bool {
	return slices.Contains([]string{"bridge", "default", ""}, mode)
}
