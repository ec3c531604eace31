package livehost

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/source/hostfile"
)

// viewOf returns the files as a process sees them: this machine's own view,
// where the process shares it, else the view below /proc/PID/root.
func viewOf(m Machine, pid int) *hostfile.FS {
	if sameMounts(m, pid) {
		return m.Files
	}
	view := hostfile.New(filepath.Join(m.Proc, strconv.Itoa(pid), "root"))
	if !sameNamespace(m, pid, "user") {
		// Numbers are shown as this user namespace has them, so names are too.
		return view.WithNames(hostFiles(m))
	}
	return view
}

// viewer is the process, by its directory below m.Proc, that sees the files of
// this machine as m.Files shows them: this one, or the one below whose root the
// machine is read. Another root (a directory where the host is mounted) is what
// process 1 sees.
func viewer(m Machine) string {
	if m.Root == "" || m.Root == "/" {
		return "self"
	}
	if rest, ok := strings.CutPrefix(m.Root, filepath.Clean(m.Proc)+"/"); ok {
		pid, _, _ := strings.Cut(rest, "/")
		return pid
	}
	return "1"
}

// viewerPID is the number of the viewer.
func viewerPID(m Machine) int {
	if pid, err := strconv.Atoi(viewer(m)); err == nil {
		return pid
	}
	return selfPID(m)
}

// sameMounts reports whether a process has the mounts and root behind m.Files.
// The namespace link needs the right to trace the process; without it the number
// of the root's mount, which no two namespaces share, decides.
func sameMounts(m Machine, pid int) bool {
	own, err1 := rootMountID(m, viewer(m))
	other, err2 := rootMountID(m, strconv.Itoa(pid))
	return err1 == nil && err2 == nil && own == other
}

// rootMountID is the number of the mount at / of a process.
func rootMountID(m Machine, process string) (int, error) {
	mountinfo := filepath.Join(m.Proc, process, "mountinfo")
	tree, err := m.tree(mountinfo)
	if err != nil {
		return 0, err
	}
	for _, mount := range slices.Backward(tree.Mounts) {
		if mount.Point == "/" {
			return mount.ID, nil
		}
	}
	return 0, lang.RecordErrorf("%s: no mount at /", mountinfo)
}

// sameNamespace reports whether a process is in this process's namespace of a
// kind. Where that may not be read it is taken to be.
func sameNamespace(m Machine, pid int, kind string) bool {
	own, err1 := os.Readlink(filepath.Join(m.Proc, "self/ns", kind))
	other, err2 := os.Readlink(filepath.Join(m.Proc, strconv.Itoa(pid), "ns", kind))
	return err1 != nil || err2 != nil || own == other
}

// ownProc reports whether m.Proc shows processes as this process numbers them.
func ownProc(m Machine) bool {
	self, err := os.Readlink(filepath.Join(m.Proc, "self"))
	return err == nil && self == strconv.Itoa(os.Getpid())
}

func selfPID(m Machine) int {
	self, _ := os.Readlink(filepath.Join(m.Proc, "self"))
	pid, _ := strconv.Atoi(self)
	return pid
}
