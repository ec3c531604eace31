package livehost

import (
	"maps"
	"path"
	"slices"

	"seawall/snapshot"
)

// addRuntimes adds the programs of the engine's runtimes, which run as root at
// every start of a container. One that is not an absolute path is looked up in
// the daemon's PATH.
func (d *daemon) addRuntimes(l *fileList, runtimes map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(runtimes)) {
		program := runtimes[name]
		if !path.IsAbs(program) {
			program = d.lookup(program)
		}
		l.add(d.view, path.Base(program), program)
	}
}

// containerdFiles decide what a containerd does that runs beside dockerd: its
// configuration, and where it looks for extensions by default (containerd,
// cmd/containerd and docs/NRI.md). The containerd that dockerd starts has a
// configuration that dockerd writes.
var containerdFiles = [...]string{"/etc/containerd", "/etc/containerd/config.toml", "/opt/containerd", "/opt/nri/plugins", "/etc/nri/conf.d"}

func (d *daemon) addContainerd(l *fileList) {
	if v, ok := d.given("containerd"); d.kind == "podman" || !ok || v.Text == "" {
		return
	}
	for _, file := range containerdFiles {
		l.add(d.host, snapshot.RoleContainerd, file)
	}
	for _, dir := range [...]string{"/opt/nri/plugins", "/etc/nri/conf.d"} {
		for _, name := range l.names(d.host, dir) {
			l.add(d.host, snapshot.RoleContainerd, path.Join(dir, name))
		}
	}
}
