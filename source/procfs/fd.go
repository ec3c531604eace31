package procfs

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"seawall/lang"
)

// PIDs lists the processes below a mounted proc, in ascending order.
func PIDs(proc string) ([]int, error) {
	dir, err := os.Open(proc)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return nil, lang.RecordErrorf("list %s: %w", proc, err)
	}
	var out []int
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			out = append(out, pid)
		}
	}
	slices.Sort(out)
	return out, nil
}

// Link reads a symbolic link of the process: "exe", "cwd", "ns/net".
func (d *Dir) Link(name string) (string, error) {
	var buf [unix.PathMax]byte
	n, err := unix.Readlinkat(d.fd, name, buf[:])
	if err != nil {
		return "", &fs.PathError{Op: "readlink", Path: d.Where(name), Err: err}
	}
	return string(buf[:n]), nil
}

// Sockets calls visit for each socket the process has open, with the socket's
// inode number. It needs the right to trace the process. A descriptor that is
// closed meanwhile is passed over.
func (d *Dir) Sockets(visit func(inode uint64)) error {
	fd, err := unix.Openat(d.fd, "fd", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return &fs.PathError{Op: "open", Path: d.Where("fd"), Err: err}
	}
	defer unix.Close(fd)
	names, err := readNames(fd)
	if err != nil {
		return &fs.PathError{Op: "list", Path: d.Where("fd"), Err: err}
	}
	var buf [64]byte
	for _, name := range names {
		n, err := unix.Readlinkat(fd, name, buf[:])
		if errors.Is(err, unix.ENOENT) {
			continue
		}
		if err != nil {
			return &fs.PathError{Op: "readlink", Path: d.Where("fd/" + name), Err: err}
		}
		if inode, ok := socketInode(buf[:n]); ok {
			visit(inode)
		}
	}
	return nil
}

// readNames lists an open directory with as few system calls as there can be:
// there are as many such directories as there are processes.
func readNames(fd int) ([]string, error) {
	var buf [8 << 10]byte
	var names []string
	for {
		n, err := unix.ReadDirent(fd, buf[:])
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil || n == 0 {
			return names, err
		}
		_, _, names = unix.ParseDirent(buf[:n], -1, names)
	}
}

// socketInode reads "socket:[12345]".
func socketInode(link []byte) (uint64, bool) {
	rest, ok := bytes.CutPrefix(link, []byte("socket:["))
	digits, closed := bytes.CutSuffix(rest, []byte("]"))
	if !ok || !closed {
		return 0, false
	}
	n, err := strconv.ParseUint(string(digits), 10, 64)
	return n, err == nil
}

// StartTicks returns when the process started, in clock ticks (hundredths of a
// second on Linux) since the machine did: field 22 of /proc/PID/stat.
func (d *Dir) StartTicks() (uint64, error) {
	data, err := d.Read("stat", nil)
	if err != nil {
		return 0, err
	}
	return parseStartTicks(data)
}

// parseStartTicks passes over the name, which may hold blanks and parentheses.
func parseStartTicks(stat []byte) (uint64, error) {
	text := string(stat)
	f := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	if len(f) < 20 {
		return 0, lang.RecordErrorf("stat: %d fields after the name, want 20", len(f))
	}
	return strconv.ParseUint(f[19], 10, 64)
}

// Name is what /proc/PID/stat says first of a process.
type Name struct {
	// Comm is the name the kernel has for what it runs, cut at 15 bytes.
	Comm string
	PPid int
}

// Name reads the name of a process and its parent.
func (d *Dir) Name(buf []byte) (Name, []byte, error) {
	buf, err := d.Read("stat", buf)
	if err != nil {
		return Name{}, buf, err
	}
	name, err := parseName(buf)
	return name, buf, err
}

// parseName reads "PID (NAME) STATE PPID …". The name may hold anything.
func parseName(stat []byte) (Name, error) {
	open, end := bytes.IndexByte(stat, '('), bytes.LastIndexByte(stat, ')')
	if open < 0 || end < open {
		return Name{}, errors.New(lang.N("stat: no name"))
	}
	f := bytes.Fields(stat[end+1:])
	if len(f) < 2 {
		return Name{}, errors.New(lang.N("stat: no parent"))
	}
	ppid, err := number(f[1])
	if err != nil {
		return Name{}, lang.RecordErrorf("stat: parent: %w", err)
	}
	return Name{Comm: strings.ToValidUTF8(string(stat[open+1:end]), "�"), PPid: ppid}, nil
}

// Words splits what /proc/PID/cmdline or environ holds: words ended by NUL.
func Words(data []byte) []string {
	text := strings.TrimSuffix(string(data), "\x00")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\x00")
}
