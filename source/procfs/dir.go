package procfs

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"

	"seawall/lang"
)

// Dir is the directory of one process, held open: when the process ends and
// its number is given to another, reads fail instead of telling of the other.
type Dir struct {
	PID  int
	path string
	fd   int
}

// OpenDir opens the directory of a process below a mounted proc. A process
// that does not exist is ESRCH.
func OpenDir(proc string, pid int) (*Dir, error) {
	path := filepath.Join(proc, strconv.Itoa(pid))
	fd, err := unix.Open(path, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ENOENT) {
		err = unix.ESRCH
	}
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	return &Dir{PID: pid, path: path, fd: fd}, nil
}

// Close lets the directory go.
func (d *Dir) Close() error { return unix.Close(d.fd) }

// Where names a file of the process in messages: "/proc/812/status".
func (d *Dir) Where(name string) string { return d.path + "/" + name }

// Open opens a file of the process for reading. The descriptor is the caller's.
func (d *Dir) Open(name string) (int, error) {
	fd, err := unix.Openat(d.fd, name, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
	if err != nil {
		return -1, &fs.PathError{Op: "open", Path: d.Where(name), Err: err}
	}
	return fd, nil
}

// Read returns the content of a file of the process. It uses buf, grown where
// needed; the result is valid until buf is used again.
func (d *Dir) Read(name string, buf []byte) ([]byte, error) {
	fd, err := d.Open(name)
	if err != nil {
		return buf[:0], err
	}
	defer unix.Close(fd)
	buf = buf[:0]
	for {
		if cap(buf)-len(buf) < 512 {
			buf = append(buf, make([]byte, 4096+cap(buf))...)[:len(buf)]
		}
		n, err := unix.Read(fd, buf[len(buf):cap(buf)])
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return buf, &fs.PathError{Op: "read", Path: d.Where(name), Err: err}
		}
		if n == 0 {
			return buf, nil
		}
		buf = buf[:len(buf)+n]
		if len(buf) < cap(buf) && slices.Contains(single[:], name) {
			return buf, nil
		}
	}
}

// single are files that the kernel makes in one piece: what does not fill the
// buffer is the whole, and no second call is needed to see its end
// (fs/proc/base.c: ONE, single_open and simple_read_from_buffer).
var single = [...]string{"attr/current", "cgroup", "comm", "stat", "status"}

// Alive reports whether the process still exists.
func (d *Dir) Alive() bool {
	var st unix.Stat_t
	return unix.Fstatat(d.fd, "stat", &st, unix.AT_SYMLINK_NOFOLLOW) == nil
}

// Inode returns device and inode number of a path as the process sees it. The
// path must hold no symbolic links: none are followed, so that a link inside a
// container cannot lead out of it.
func (d *Dir) Inode(path string) (dev, inode uint64, err error) {
	root, err := unix.Openat(d.fd, "root", unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return 0, 0, &fs.PathError{Op: "open", Path: d.Where("root"), Err: err}
	}
	defer unix.Close(root)
	fd, err := openBeneath(root, path)
	if err != nil {
		return 0, 0, &fs.PathError{Op: "open", Path: d.Where("root") + path, Err: err}
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return 0, 0, lang.RecordErrorf("stat %s: %w", d.Where("root")+path, err)
	}
	return st.Dev, st.Ino, nil
}

// openBeneath opens a path below a directory without following links. Before
// Linux 5.6 (no openat2) only the last element is guarded.
func openBeneath(root int, path string) (int, error) {
	path = "." + filepath.Clean("/"+path)
	fd, err := unix.Openat2(root, path, &unix.OpenHow{
		Flags:   unix.O_PATH | unix.O_NOFOLLOW | unix.O_CLOEXEC,
		Resolve: unix.RESOLVE_IN_ROOT | unix.RESOLVE_NO_SYMLINKS,
	})
	if errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EPERM) {
		return unix.Openat(root, path, unix.O_PATH|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	}
	return fd, err
}
