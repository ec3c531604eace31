//go:build amd64 || arm64

package observe

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"seawall/source/procfs"
)

// containerID finds an id in the name of a cgroup: "docker-ID.scope", "ID".
var containerID = regexp.MustCompile(`(?:^|[^0-9a-f])([0-9a-f]{64})(?:[^0-9a-f]|$)`)

// idIn is the id in the name of a cgroup, empty if there is none.
func idIn(name string) string {
	if m := containerID.FindStringSubmatch(name); m != nil {
		return m[1]
	}
	return ""
}

// ids are those that a container's cgroups name: the innermost, then the outermost,
// which is another one if a container runs containers of its own.
func ids(c kernelContainer) []string {
	var out []string
	for _, name := range []string{text(c.Inner[:]), text(c.Outer[:])} {
		if id := idIn(name); id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// idByMounts finds the id of a process's container in the mounts that engines make:
// /etc/hostname comes from …/containers/ID/hostname. It takes the process to live.
func idByMounts(proc string, pid int) string {
	dir, err := procfs.OpenDir(proc, pid)
	if err != nil {
		return ""
	}
	defer dir.Close()
	data, err := dir.Read("mountinfo", nil)
	if err != nil {
		return ""
	}
	mounts, err := procfs.ParseMountinfo(data)
	if err != nil {
		return ""
	}
	for _, m := range mounts {
		if m.Point == "/etc/hostname" || m.Point == "/etc/hosts" || m.Point == "/etc/resolv.conf" {
			if id := idIn(path.Base(path.Dir(m.Root))); id != "" {
				return id
			}
		}
	}
	return ""
}

// idByShim finds the id in the arguments of a runtime's shim, which outlives the
// container by a moment.
func idByShim(proc string, pid int) string {
	dir, err := procfs.OpenDir(proc, pid)
	if err != nil {
		return ""
	}
	defer dir.Close()
	data, err := dir.Read("cmdline", nil)
	if err != nil {
		return ""
	}
	args := procfs.Words(data)
	if len(args) == 0 || !strings.Contains(path.Base(args[0]), "shim") {
		return ""
	}
	for _, arg := range args[1:] {
		if id := idIn(arg); id != "" && id == arg {
			return id
		}
	}
	return ""
}
