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

// enableControllers hands the controllers that engines use from a v2 cgroup to
// its children. One that cannot be handed down is left out: engines run
// without it.
func enableControllers(dir string) {
	for _, c := range []string{"cpuset", "cpu", "io", "memory", "pids"} {
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
