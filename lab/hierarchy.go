package lab

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// hierarchy is one cgroup mount of the machine.
type hierarchy struct {
	name    string // directory name below /sys/fs/cgroup: "memory", "cpu,cpuacct", "systemd", "unified"
	options string // mount options of a v1 hierarchy, empty for v2
	mount   string // where it is mounted
	own     string // directory of the calling process in it
}

// v2 says whether h is the unified hierarchy.
func (h hierarchy) v2() bool { return h.options == "" }

// hierarchies lists the machine's cgroup mounts and where this process is in
// each of them.
func hierarchies() ([]hierarchy, error) {
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, fmt.Errorf("list cgroup mounts: %w", err)
	}
	own, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return nil, fmt.Errorf("find own cgroups: %w", err)
	}
	hs := parseHierarchies(string(mounts), string(own))
	if len(hs) == 0 {
		return nil, errors.New("no cgroup is mounted on this machine")
	}
	return hs, nil
}

// parseHierarchies reads the texts of mountinfo and cgroup of one process.
func parseHierarchies(mountinfo, cgroup string) []hierarchy {
	paths := map[string]string{} // "memory" or "cpu,cpuacct" or "name=systemd" or "" → path
	for line := range strings.Lines(cgroup) {
		if f := strings.SplitN(strings.TrimSpace(line), ":", 3); len(f) == 3 {
			paths[f[1]] = f[2]
		}
	}
	var hs []hierarchy
	for line := range strings.Lines(mountinfo) {
		before, after, ok := strings.Cut(line, " - ")
		b, a := strings.Fields(before), strings.Fields(after)
		if !ok || len(b) < 5 || len(a) < 3 {
			continue
		}
		h := hierarchy{mount: b[4]}
		key := ""
		switch a[0] {
		case "cgroup2":
			h.name = "unified"
		case "cgroup":
			key = controllers(a[2], paths)
			h.name, h.options = strings.TrimPrefix(key, "name="), key
			if strings.HasPrefix(key, "name=") {
				h.options = "none," + key
			}
		default:
			continue
		}
		path, ok := paths[key]
		if !ok || slices.ContainsFunc(hs, func(x hierarchy) bool { return x.name == h.name }) {
			continue
		}
		h.own = filepath.Join(h.mount, strings.TrimPrefix(path, strings.TrimSuffix(b[3], "/")))
		hs = append(hs, h)
	}
	return hs
}

// controllers finds the key of /proc/self/cgroup that a v1 mount with these
// super block options belongs to.
func controllers(options string, paths map[string]string) string {
	opts := strings.Split(options, ",")
	for key := range paths {
		if key != "" && slices.Contains(opts, strings.Split(key, ",")[0]) {
			return key
		}
	}
	return "\x00"
}
