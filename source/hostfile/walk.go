package hostfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"seawall/lang"
)

// maxLinks is the kernel's own limit of links in one path (MAXSYMLINKS).
const maxLinks = 40

// node is one opened element of a path. It is opened with O_PATH, which needs
// no permission on the file and has no effect on devices or FIFOs. The
// descriptor is a bare one: an os.File would ask the kernel for its kind.
type node struct {
	fd   int
	path string // from the root of the view
	st   unix.Stat_t
}

func (n *node) id() [2]uint64 { return [2]uint64{n.st.Dev, n.st.Ino} }

func (n *node) info() Info {
	return Info{
		Dev: n.st.Dev, Inode: n.st.Ino, Mode: fileMode(n.st.Mode), Size: n.st.Size,
		ModTime: time.Unix(n.st.Mtim.Unix()),
	}
}

func fileMode(mode uint32) fs.FileMode {
	m := fs.FileMode(mode & 0o777)
	switch mode & unix.S_IFMT {
	case unix.S_IFDIR:
		m |= fs.ModeDir
	case unix.S_IFLNK:
		m |= fs.ModeSymlink
	case unix.S_IFSOCK:
		m |= fs.ModeSocket
	case unix.S_IFIFO:
		m |= fs.ModeNamedPipe
	case unix.S_IFCHR, unix.S_IFBLK:
		m |= fs.ModeDevice
	}
	return m
}

// walk is a path being resolved: the chain of opened directories from the root
// to the file. Resolving with descriptors rather than path strings keeps links
// inside the root and leaves no moment in which a directory could be exchanged.
type walk struct {
	root     *os.File // the view's own; not closed
	chain    []*node
	linkDirs []*node // directories whose links were followed
	opened   []*node
}

func openRoot(root string) (*os.File, error) {
	fd, err := unix.Open(root, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ENOENT) && strings.HasPrefix(root, "/proc/") {
		err = unix.ESRCH // the process ended: that is no absent file
	}
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: root, Err: err}
	}
	return os.NewFile(uintptr(fd), root), nil
}

func (f *FS) walk(path string, follow bool) (*walk, error) {
	root, err := f.open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Where(path), err)
	}
	w := &walk{root: root}
	if err := w.resolve(path, follow); err != nil {
		w.close()
		return nil, &fs.PathError{Op: "stat", Path: f.Where(path), Err: err}
	}
	return w, nil
}

func (w *walk) resolve(path string, follow bool) error {
	top := &node{fd: int(w.root.Fd()), path: "/"}
	if err := unix.Fstat(top.fd, &top.st); err != nil {
		return err
	}
	w.chain = []*node{top}
	todo, links := elements(path), 0
	for len(todo) > 0 {
		name := todo[0]
		todo = todo[1:]
		if name == ".." {
			w.chain = w.chain[:max(1, len(w.chain)-1)]
			continue
		}
		next, err := w.step(name)
		if err != nil {
			return err
		}
		if next.st.Mode&unix.S_IFMT != unix.S_IFLNK || len(todo) == 0 && !follow {
			w.chain = append(w.chain, next)
			continue
		}
		if links++; links > maxLinks {
			return unix.ELOOP
		}
		target, err := readLink(next)
		if err != nil {
			return err
		}
		w.linkDirs = append(w.linkDirs, w.last())
		if strings.HasPrefix(target, "/") {
			w.chain = w.chain[:1]
		}
		todo = append(elements(target), todo...)
	}
	return nil
}

// step opens an element of the last directory.
func (w *walk) step(name string) (*node, error) {
	dir := w.last()
	fd, err := unix.Openat(dir.fd, name, unix.O_PATH|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	n := &node{fd: fd, path: join(dir.path, name)}
	w.opened = append(w.opened, n)
	return n, unix.Fstat(fd, &n.st)
}

// errNotPlain is what lookup cannot answer by one call.
var errNotPlain = errors.New(lang.N("a link, or no name"))

// lookup tells of an element of the last directory without opening it.
func (w *walk) lookup(name string) (node, error) {
	if len(w.chain) == 0 {
		return node{}, unix.ENOENT
	}
	if name == "" || name == "." || name == ".." {
		return node{}, errNotPlain
	}
	n := node{path: join(w.path(), name)}
	err := unix.Fstatat(w.last().fd, name, &n.st, unix.AT_SYMLINK_NOFOLLOW)
	if err == nil && n.st.Mode&unix.S_IFMT == unix.S_IFLNK {
		err = errNotPlain
	}
	return n, err
}

func readLink(n *node) (string, error) {
	buf := make([]byte, unix.PathMax)
	size, err := unix.Readlinkat(n.fd, "", buf)
	if err != nil {
		return "", err
	}
	if size == 0 {
		return "", unix.ENOENT
	}
	return string(buf[:size]), nil
}

func (w *walk) last() *node { return w.chain[len(w.chain)-1] }

func (w *walk) path() string { return w.last().path }

// above returns the directories above the file, nearest first.
func (w *walk) above() []*node {
	var dirs []*node
	for i := len(w.chain) - 2; i >= 0; i-- {
		dirs = append(dirs, w.chain[i])
	}
	return dirs
}

// reopen opens the file for reading. It must still be the one resolved.
func (w *walk) reopen(flags int) (*os.File, error) {
	n := w.last()
	dir, name := n, "."
	if len(w.chain) > 1 {
		dir, name = w.chain[len(w.chain)-2], n.path[strings.LastIndexByte(n.path, '/')+1:]
	}
	fd, err := unix.Openat(dir.fd, name, flags|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	file := os.NewFile(uintptr(fd), n.path)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil || st.Dev != n.st.Dev || st.Ino != n.st.Ino {
		file.Close()
		return nil, errors.Join(err, unix.ESTALE)
	}
	return file, nil
}

func (w *walk) close() {
	for _, n := range w.opened {
		unix.Close(n.fd)
	}
	runtime.KeepAlive(w.root)
}

// elements splits a path into its names. "." and empty ones drop out.
func elements(path string) []string {
	var out []string
	for name := range strings.SplitSeq(path, "/") {
		if name != "" && name != "." {
			out = append(out, name)
		}
	}
	return out
}

// join adds a name to the path of a directory.
func join(dir, name string) string { return strings.TrimSuffix(dir, "/") + "/" + name }

func trimSlash(path string) string { return strings.TrimLeft(path, "/") }
