package procfs

import (
	"errors"
	"io/fs"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"seawall/lang"
)

// NamespaceKinds are the namespaces of a process by their names below
// /proc/PID/ns (namespaces(7)).
var NamespaceKinds = [...]string{"cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"}

// InitialPIDNamespace is the inode number of the first pid namespace of every
// Linux (include/linux/proc_ns.h, PROC_PID_INIT_INO).
const InitialPIDNamespace = 0xEFFFFFFC

// Namespaces returns the inode number of each namespace the process is in.
// Kinds this kernel lacks are left out. Reading them needs the right to trace
// the process (ptrace(2), PTRACE_MODE_READ_FSCREDS).
func (d *Dir) Namespaces() (map[string]uint64, error) {
	out := make(map[string]uint64, len(NamespaceKinds))
	var buf [64]byte
	for _, kind := range NamespaceKinds {
		n, err := unix.Readlinkat(d.fd, "ns/"+kind, buf[:])
		if errors.Is(err, unix.ENOENT) && d.Alive() {
			continue
		}
		if err != nil {
			return nil, &fs.PathError{Op: "readlink", Path: d.Where("ns/" + kind), Err: err}
		}
		if out[kind], err = ParseNamespace(kind, string(buf[:n])); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ParseNamespace reads the target of a link below /proc/PID/ns:
// "mnt:[4026531840]".
func ParseNamespace(kind, link string) (uint64, error) {
	rest, ok := strings.CutPrefix(link, kind+":[")
	digits, closed := strings.CutSuffix(rest, "]")
	if !ok || !closed {
		return 0, lang.RecordErrorf("namespace link %q: want %s:[number]", link, kind)
	}
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil {
		return 0, lang.RecordErrorf("namespace link %q: %w", link, err)
	}
	return n, nil
}
