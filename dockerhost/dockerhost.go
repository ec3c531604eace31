// Package dockerhost reads the addresses that DOCKER_HOST and contexts hold.
package dockerhost

import (
	"net"
	"net/url"
	"strings"

	"seawall/snapshot"
)

// TCPName is the name or address of the machine that a Docker host address
// leads to by TCP, in plain text unless the client is told otherwise. It is ""
// if the address leads elsewhere, or names no machine: then it is this host. As
// for the CLI, an address without scheme is one of TCP.
func TCPName(host string) string {
	scheme, address, ok := strings.Cut(strings.ToLower(strings.TrimSpace(host)), "://")
	if !ok {
		scheme, address = "tcp", scheme
	}
	if scheme != "tcp" && scheme != "http" {
		return ""
	}
	address, _, _ = strings.Cut(address, "/")
	return (&url.URL{Host: address}).Hostname()
}

// Beyond reports whether a Docker host address leads beyond this host by TCP.
func Beyond(host string) bool {
	name := TCPName(host)
	return name != "" && !(snapshot.Listener{Network: "tcp", Address: net.JoinHostPort(name, "2375")}).Loopback()
}
