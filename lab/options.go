package lab

import (
	"context"
	"fmt"
)

// Version names an engine release that the lab can run. The Debian suite that
// carries it decides which patch release that is.
type Version string

// The engine releases of the lab.
const (
	V20 Version = "20.10" // Debian bookworm
	V26 Version = "26.1"  // Debian trixie
	V28 Version = "28.5"  // Debian sid
)

// Versions lists every Version, oldest first.
func Versions() []Version { return []Version{V20, V26, V28} }

// suite returns the Debian suite that carries v.
func (v Version) suite() (string, error) {
	switch v {
	case V20:
		return "bookworm", nil
	case V26:
		return "trixie", nil
	case V28:
		return "sid", nil
	}
	return "", fmt.Errorf("lab: no engine %q: want one of %v", string(v), Versions())
}

// Options says what a mini host is like. The zero value is a host with the
// newest engine in its default configuration.
type Options struct {
	// Version of the engine and, with it, of the host's user land. Empty: V28.
	Version Version
	// Hostname inside. Empty: "labhost".
	Hostname string
	// Flags of dockerd.
	Flags []string
	// DaemonJSON becomes /etc/docker/daemon.json when it is not empty.
	DaemonJSON string
	// Files are written with mode 0644 before dockerd starts, by absolute path.
	Files map[string]string
	// Prepare runs after Files and before dockerd starts: users, modes, owners,
	// whatever else the engine must find.
	Prepare func(ctx context.Context, h *Host) error
	// LAN gives the host an interface eth0 with HostAddr, HostAddr6 and default
	// routes, and a neighbour on the other end of it, from where Neighbour runs
	// commands. Without it there is only lo.
	LAN bool
	// Extras gives the host Podman, an ssh server, ufw and firewalld as well; none
	// of them runs.
	Extras bool
	// NoEngine leaves dockerd stopped; StartDaemon starts it.
	NoEngine bool
	// CgroupV2 gives the host a cgroup v2 layout on a machine with v1
	// hierarchies. It has no controllers then. On a v2 machine it changes
	// nothing: every host is v2 there.
	CgroupV2 bool
}

func (o Options) withDefaults() Options {
	if o.Version == "" {
		o.Version = V28
	}
	if o.Hostname == "" {
		o.Hostname = "labhost"
	}
	return o
}
