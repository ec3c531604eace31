package daemonconfig

import (
	"encoding/json"
	"slices"
	"strings"

	"seawall/snapshot"
)

// noteProxy remembers the name of a setting whose value is the URL of a proxy
// with a password in it.
func (c *Config) noteProxy(name, value string) {
	if strings.HasSuffix(name, "-proxy") && name != "no-proxy" && proxyPassword(value) {
		c.ProxyPasswords = append(c.ProxyPasswords, name)
		slices.Sort(c.ProxyPasswords)
	}
}

// noteProxies does the same for the object "proxies" of the file, whose members
// are URLs.
func (c *Config) noteProxies(name string, raw json.RawMessage) {
	var members map[string]string
	switch name {
	case "proxies":
		if json.Unmarshal(raw, &members) != nil {
			return
		}
	default:
		var value string
		if json.Unmarshal(raw, &value) != nil {
			return
		}
		members = map[string]string{name: value}
	}
	for member, value := range members {
		c.noteProxy(member, value)
	}
}

// proxyPassword reports whether a URL, with or without a scheme, holds a
// password.
func proxyPassword(value string) bool {
	if !strings.Contains(value, "://") {
		value = "http://" + value
	}
	return snapshot.RedactURL(value) != value && strings.Contains(value, "@")
}
