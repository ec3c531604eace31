package engineapi

import (
	"net"
	"net/netip"
	"net/url"
	"strings"

	"seawall/lang"
)

// parseHost reads the URL of an engine as the Docker CLI does: without a scheme
// it is tcp, without a port 2375, and empty it is the default socket.
func parseHost(host string) (string, error) {
	host = strings.TrimSpace(host)
	if host == "" {
		return "unix://" + DefaultSocket, nil
	}
	scheme, rest, found := strings.Cut(host, "://")
	if !found {
		scheme, rest = "tcp", host
	}
	if strings.Contains(rest, "://") {
		return "", lang.Errorf("engine URL %q: two schemes", host)
	}
	switch scheme {
	case "unix":
		if rest == "" {
			rest = DefaultSocket
		}
		if !strings.HasPrefix(rest, "/") {
			return "", lang.Errorf("engine URL %q: the path of a socket starts with /", host)
		}
		return "unix://" + rest, nil
	case "tcp", "http", "https":
		return parseTCP(scheme, rest, host)
	case "ssh":
		if _, err := parseSSH(host); err != nil {
			return "", err
		}
		return host, nil
	}
	return "", lang.Errorf("engine URL %q: scheme %s is not one of unix, tcp, http, https, ssh", host, scheme)
}

// defaultPorts of the schemes that have a port.
var defaultPorts = map[string]string{"tcp": "2375", "http": "80", "https": "443"}

func parseTCP(scheme, rest, host string) (string, error) {
	u, err := url.Parse(scheme + "://" + rest)
	if err != nil || u.User != nil || strings.ContainsAny(rest, "?# ") {
		return "", lang.Errorf("engine URL %q is not of the form %s://HOST:PORT", host, scheme)
	}
	name, port := u.Hostname(), u.Port()
	if _, err := netip.ParseAddr(name); strings.Contains(name, ":") && err != nil {
		return "", lang.Errorf("engine URL %q: %s is not an address; an IPv6 address stands in brackets", host, name)
	}
	if name == "" {
		name = "localhost"
	}
	if port == "" {
		port = defaultPorts[scheme]
	}
	return scheme + "://" + net.JoinHostPort(name, port) + strings.TrimRight(u.EscapedPath(), "/"), nil
}

// overSocket reports whether the URL is a unix socket, or ssh to one: no TLS.
func overSocket(host string) bool {
	return strings.HasPrefix(host, "unix://") || strings.HasPrefix(host, "ssh://")
}
