package livehost

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"seawall/snapshot"
	"seawall/source"
	"seawall/source/procfs"
)

// maxPIDs bounds the processes that are named for one program.
const maxPIDs = 8

// runningName tells what a file is that keeps running for an engine; "" if it is
// none of those. The kernel cuts the names of processes at 15 letters.
func runningName(file string) string {
	switch {
	case strings.HasPrefix(file, "containerd-shim"):
		return "containerd-shim"
	case file == "dockerd", file == "containerd", file == "docker-proxy", file == "rootlesskit", file == "slirp4netns":
		return file
	}
	return ""
}

// running finds the processes of engines' programs and what became of the files
// that they run. Those whose programs lie in another root than the host's are left
// out: their paths are not the host's.
func (v vantage) running(ctx context.Context) snapshot.Fact[[]snapshot.RunningProgram] {
	o := snapshot.At("exe", filepath.Join(v.m.Proc, "*/exe"))
	return hostFact(v.files, o, func() snapshot.Fact[[]snapshot.RunningProgram] {
		pids, err := procfs.PIDs(v.m.Proc)
		if err != nil {
			return snapshot.Lost[[]snapshot.RunningProgram](source.GapFrom(err), o)
		}
		groups := map[string]*snapshot.RunningProgram{}
		for _, pid := range pids {
			if ctx.Err() != nil {
				return snapshot.Lost[[]snapshot.RunningProgram](source.GapFrom(ctx.Err()), o)
			}
			if err := v.addRunning(groups, pid); err != nil {
				return snapshot.Lost[[]snapshot.RunningProgram](source.GapFrom(err), o)
			}
		}
		out := make([]snapshot.RunningProgram, 0, len(groups))
		for _, g := range groups {
			out = append(out, *g)
		}
		slices.SortFunc(out, func(a, b snapshot.RunningProgram) int {
			return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Fate, b.Fate))
		})
		return snapshot.See(out, o)
	})
}

// addRunning adds a process to those that run the same. One that is none of an
// engine's, or has ended, is nothing; one that may not be looked into is an error.
func (v vantage) addRunning(groups map[string]*snapshot.RunningProgram, pid int) error {
	dir, err := procfs.OpenDir(v.m.Proc, pid)
	if err != nil {
		return nil
	}
	defer dir.Close()
	p, err := nameProcess(dir)
	if err != nil || runningName(p.comm) == "" {
		return nil
	}
	exe, err := dir.Link("exe")
	switch {
	case errors.Is(err, fs.ErrPermission):
		return err
	case err != nil:
		return nil
	}
	file := strings.TrimSuffix(exe, " (deleted)")
	name := runningName(path.Base(file))
	if name == "" || !v.onHost(pid, path.Dir(file)) {
		return nil
	}
	fate := v.fate(pid, file, file != exe)
	key := name + "\x00" + file + "\x00" + string(fate)
	g := groups[key]
	if g == nil {
		g = &snapshot.RunningProgram{Name: name, Path: file, Fate: fate}
		groups[key] = g
	}
	g.Count++
	if len(g.PIDs) < maxPIDs {
		g.PIDs = append(g.PIDs, pid)
		if id := shimContainer(dir); name == "containerd-shim" && fate != snapshot.FileCurrent && id != "" {
			g.Containers = append(g.Containers, id)
		}
	}
	if started, err := startTime(dir); err == nil && (g.Since.IsZero() || started.Before(g.Since)) {
		g.Since = started.UTC().Truncate(time.Second)
	}
	return nil
}

// shimContainer is the container that a shim keeps: it is given the id as an argument.
func shimContainer(dir *procfs.Dir) string {
	data, err := dir.Read("cmdline", nil)
	if err != nil {
		return ""
	}
	args := procfs.Words(data)
	i := slices.Index(args, "-id") + 1
	if i == 0 || i == len(args) || len(args[i]) != 64 || strings.Trim(args[i], "0123456789abcdef") != "" {
		return ""
	}
	return args[i]
}

// onHost reports whether a directory is for a process what it is for the host. An
// engine of a user has mounts of its own, and the host's programs in them.
func (v vantage) onHost(pid int, dir string) bool {
	if sameMounts(v.m, pid) {
		return true
	}
	own, err1 := viewOf(v.m, pid).Info(dir)
	host, err2 := v.m.Files.Info(dir)
	return err1 == nil && err2 == nil && own.Same(host)
}

// fate compares the file that a process runs with the one that has its name now.
func (v vantage) fate(pid int, file string, deleted bool) snapshot.FileFate {
	now, err := v.m.Files.Info(file)
	switch {
	case missing(err) || err != nil && deleted:
		return snapshot.FileRemoved
	case deleted:
		return snapshot.FileReplaced
	case err != nil:
		return snapshot.FileCurrent
	}
	var runs unix.Stat_t
	err = unix.Stat(filepath.Join(v.m.Proc, strconv.Itoa(pid), "exe"), &runs)
	if err == nil && runs.Ino != now.Inode {
		return snapshot.FileReplaced
	}
	return snapshot.FileCurrent
}
