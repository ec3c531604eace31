package hostplace

import (
	"strings"

	"seawall/hostpath"
	"seawall/rule"
)

// Way is a set of ways in which an attack goes on from a place.
type Way uint32

// The ways.
const (
	Whole        Way = 1 << iota // the whole file system
	Etc                          // what says who is root, and what root's programs load
	RootHome                     // what runs as root when root logs in
	Home                         // what runs as a user when they log in
	Cron                         // what cron and at run as root
	Units                        // what systemd, udev and init run as root
	Programs                     // programs and libraries that root runs
	Boot                         // what the host boots
	Modules                      // what the kernel loads
	Proc                         // the host's processes and kernel settings
	Sys                          // the host's devices and kernel settings
	Debug                        // the inside of the kernel
	Devices                      // devices
	EngineData                   // the files of all containers, images and volumes
	EngineConfig                 // what the engine runs and whom it trusts
	PluginSpecs                  // where the engine finds plugins
	CDI                          // what the engine mounts and runs for devices
	NRI                          // programs that change containers before they start
	LXCFS                        // the host's control groups
	Cluster                      // the credentials and pods of a cluster
	Sockets                      // the sockets of services
	SSHKeys                      // keys of ssh
	CloudKeys                    // credentials of clouds
	ClientConfig                 // credentials for registries, contexts and plugins of the docker command
	Keys                         // other keys and passwords
	Logs                         // logs
	Tmp                          // files and sockets of all users
)

// Ways are the ways that a mount of a host path opens. Of places one within the
// other the mount counts as the one nearest to it; a place that the mount contains
// counts besides, unless the mounted directory has ways of its own as a whole.
func Ways(source string, readOnly bool) Way {
	if readOnly && withinAny(source, harmless[:]) || isLogSocket(source) || withinAny(source, inert[:]) {
		return 0
	}
	for i := range wholes {
		if wholes[i].Path == source {
			return wholes[i].opens(readOnly)
		}
	}
	ways := homeWay(source, readOnly)
	if !firstNames[firstName(source)] {
		return ways
	}
	device := devicePlace(source)
	return ways | waysOf(wholes[:], source, readOnly) | device.opens(readOnly) | waysAround(source, readOnly) | waysOf(places[:], source, readOnly)
}

// firstNames are the directories below / that have places, or are ones.
var firstNames = func() map[string]bool {
	out := map[string]bool{}
	for _, list := range [][]Place{wholes[:], places[:]} {
		for _, p := range list {
			out[firstName(p.Path)] = true
		}
	}
	return out
}()

// firstName is the name of the directory below / that a path is, or is in.
func firstName(p string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(p, "/"), "/")
	return name
}

// opens are the ways of a place if a mount of it matters for more than what can be
// learnt.
func (p *Place) opens(readOnly bool) Way {
	if p.Severity(readOnly) <= rule.Low {
		return 0
	}
	return p.Way
}

// waysOf are the ways of the places that a mount contains.
func waysOf(list []Place, source string, readOnly bool) Way {
	ways := Way(0)
	for i := range list {
		if list[i].Path != source && hostpath.Within(list[i].Path, source) {
			ways |= list[i].opens(readOnly)
		}
	}
	return ways
}

// waysAround are the ways of the nearest place that a mount is or is part of.
func waysAround(source string, readOnly bool) Way {
	var nearest *Place
	for i := range places {
		if p := &places[i]; hostpath.Within(source, p.Path) && (nearest == nil || len(p.Path) > len(nearest.Path)) {
			nearest = p
		}
	}
	if nearest == nil {
		return 0
	}
	return nearest.opens(readOnly)
}

func homeWay(source string, readOnly bool) Way {
	p := homePlace(source)
	return p.opens(readOnly)
}

// keyWays are the ways of directories in homes that hold keys, where they are not
// [Keys]. What is written to these runs as their owner: keys that log in, plugins
// and commands that fetch credentials.
var keyWays = map[string]Way{
	".ssh": SSHKeys, ".docker": ClientConfig, ".config/containers/auth.json": ClientConfig,
	".aws": CloudKeys, ".azure": CloudKeys, ".config/gcloud": CloudKeys, ".oci": CloudKeys, ".config/doctl": CloudKeys, ".config/hcloud": CloudKeys,
	".kube": Cluster,
}

// keyWay is the way of a path that is, or is below, a directory of keys.
func keyWay(source, name string) Way {
	way, known := keyWays[name]
	switch {
	case !known:
		return Keys
	case strings.HasPrefix(source, "/root/"):
		return way | RootHome
	case strings.HasPrefix(source, "/home/"):
		return way | Home
	}
	return way
}

// HoldsClientConfig reports whether a path is by its name a configuration of the
// docker command, wherever it lies, or part of one.
func HoldsClientConfig(source string) bool {
	return strings.Contains(source+"/", "/.docker/") || strings.HasSuffix(source, "/.config/containers/auth.json")
}

// OfUsers reports whether the files of a path are, by convention, those of users
// other than root, and theirs alone.
func OfUsers(source string) bool {
	return withinAny(source, []string{"/home", "/run/user"}) || strings.HasPrefix(source, "/tmp/ssh-")
}

// OfRoot reports whether the files of a path are, by convention, root's.
func OfRoot(source string) bool {
	return source == "/" || withinAny(source, []string{"/root", "/etc", "/var/lib"}) || hostpath.Within(source, "/run") && !OfUsers(source)
}
