package lab

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
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

// cgroups is a mini host's place in the machine's hierarchies.
type cgroups struct {
	dirs   []string // its own, one in each hierarchy
	join   []string // where its processes go
	mounts string   // what its init mounts: see init.sh
}

// planCgroups says where the cgroups called name belong: below the caller's
// own where the hierarchy is v1 (so that the caller's limits hold), at the top
// where it is v2 (there a cgroup with processes cannot hand controllers down).
func planCgroups(name string, forceV2 bool) (cgroups, error) {
	hs, err := hierarchies()
	if err != nil {
		return cgroups{}, err
	}
	onlyV2 := len(hs) == 1 && hs[0].v2()
	var c cgroups
	var mounts []string
	for _, h := range hs {
		dir := filepath.Join(h.own, name)
		if onlyV2 {
			dir = filepath.Join(h.mount, name)
		}
		join := dir
		if h.v2() && (onlyV2 || forceV2) {
			join = filepath.Join(dir, "init.scope")
		}
		c.dirs, c.join = append(c.dirs, dir), append(c.join, join)
		mounts = append(mounts, h.name+"="+h.options)
	}
	c.mounts = strings.Join(mounts, " ")
	if onlyV2 || forceV2 {
		c.mounts = "v2"
	}
	return c, nil
}

// make makes the planned cgroups.
func (c cgroups) make() error {
	for _, dir := range c.dirs {
		if len(c.dirs) == 1 {
			enableControllers(filepath.Dir(dir))
		}
		if err := os.Mkdir(dir, 0o755); err != nil {
			return fmt.Errorf("make cgroup: %w", err)
		}
		if !exists(filepath.Join(dir, "cpuset.cpus")) || exists(filepath.Join(dir, "cgroup.controllers")) {
			continue
		}
		if err := inheritCpuset(dir); err != nil {
			return err
		}
	}
	return nil
}

// enableControllers hands every controller of a v2 cgroup to its children. A
// controller that cannot be handed down is left out: engines run without it.
func enableControllers(dir string) {
	all, err := os.ReadFile(filepath.Join(dir, "cgroup.controllers"))
	if err != nil {
		return
	}
	for _, c := range strings.Fields(string(all)) {
		_ = os.WriteFile(filepath.Join(dir, "cgroup.subtree_control"), []byte("+"+c), 0)
	}
}

// inheritCpuset gives a new v1 cpuset its parent's processors and memory
// nodes: without them no process can enter it.
func inheritCpuset(dir string) error {
	for _, f := range []string{"cpuset.cpus", "cpuset.mems"} {
		b, err := os.ReadFile(filepath.Join(filepath.Dir(dir), f))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, f), b, 0)
		}
		if err != nil {
			return fmt.Errorf("set up cpuset of %s: %w", dir, err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "cgroup.clone_children"), []byte("1"), 0); err != nil {
		return fmt.Errorf("set up cpuset of %s: %w", dir, err)
	}
	return nil
}

// killCgroup kills what still runs in dir and below. Processes that entered
// from outside the pid namespace do not die with its init.
func killCgroup(dir string) {
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return nil
		}
		f, err := os.Open(filepath.Join(path, "cgroup.procs"))
		if err != nil {
			return nil
		}
		defer f.Close()
		for s := bufio.NewScanner(f); s.Scan(); {
			if pid, err := strconv.Atoi(s.Text()); err == nil && pid > 1 && pid != os.Getpid() {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
		return nil
	})
}

// removeCgroup kills what runs in dir and removes it with everything below.
// The kernel lets go of the last process a moment after its death.
func removeCgroup(dir string) error {
	var err error
	for range 100 {
		var dirs []string
		_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				dirs = append(dirs, path)
			}
			return nil
		})
		if err = nil; len(dirs) == 0 {
			return nil
		}
		for _, d := range slices.Backward(dirs) {
			if e := syscall.Rmdir(d); e != nil && !errors.Is(e, syscall.ENOENT) {
				err = fmt.Errorf("remove cgroup %s: %w", d, e)
			}
		}
		if err == nil {
			return nil
		}
		killCgroup(dir)
		time.Sleep(20 * time.Millisecond)
	}
	return err
}
