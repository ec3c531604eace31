// Package daemonconfig reads what dockerd was told: its configuration file
// daemon.json and its command line, and works out the settings that are in
// force.
//
// It parses; it reads no file itself.
package daemonconfig

import (
	"fmt"
	"slices"
	"strings"

	"seawall/snapshot"
)

// Config is what one place, a file or a command line, tells the daemon.
type Config struct {
	// Source names the place: "/etc/docker/daemon.json", "/proc/812/cmdline".
	Source string
	// Unknown are keys or flags that no version of dockerd knows, sorted.
	Unknown []string
	// Duplicates tell of keys that stand in the file more than once; the last
	// one counts.
	Duplicates []string
	// Changed: the file is newer than the process, which may have read another.
	Changed bool
	// ProxyPasswords are the settings that hold the password of a proxy, sorted.
	ProxyPasswords []string

	values map[string]Value
}

// Value is one setting as it was given. Secrets are redacted: of log-opts,
// proxies and the like only names are kept.
type Value struct {
	Text string   // of a single value; "true" or "false" of a switch
	List []string // of a list; of an object, names or name=value, sorted
	Line int      // in the file; 0 on a command line
}

// Get returns a setting by its name in daemon.json ("hosts", "icc"), and
// whether it was given here.
func (c *Config) Get(name string) (Value, bool) {
	v, ok := c.values[name]
	return v, ok
}

// Keys lists the settings given here by their names in daemon.json, sorted.
func (c *Config) Keys() []string {
	out := make([]string, 0, len(c.values))
	for name := range c.values {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// origin says where a setting was given: "/etc/docker/daemon.json:4".
func (c *Config) origin(name string) snapshot.Origin {
	source := c.Source
	if line := c.values[name].Line; line > 0 {
		source = fmt.Sprintf("%s:%d", c.Source, line)
	}
	return snapshot.At(name, source)
}

func (c *Config) set(name string, v Value) {
	if c.values == nil {
		c.values = map[string]Value{}
	}
	c.values[name] = v
}

// namesOnly tells the objects whose values may hold secrets, or are of no
// interest.
func namesOnly(name string) bool {
	switch name {
	case "log-opts", "proxies", "runtimes", "cluster-store-opts", "default-network-opts":
		return true
	}
	return false
}

// secretText tells the single values that may hold a password.
func secretText(name, value string) string {
	if strings.HasSuffix(name, "-proxy") && strings.Contains(value, "@") {
		return snapshot.RedactURL(value)
	}
	return snapshot.RedactString(value)
}
