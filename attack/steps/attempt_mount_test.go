package steps_test

import (
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

func init() {
	maps.Copy(attempts, map[string]func(args []string) error{
		"write":      func(args []string) error { return access(args[0], unix.W_OK) },
		"read":       func(args []string) error { return access(args[0], unix.R_OK) },
		"connect":    func(args []string) error { return connect(args[0]) },
		"serve":      func(args []string) error { return listen(args[0]) },
		"make-node":  func(args []string) error { return deviceNode(args[0]) },
		"mount-call": func([]string) error { return mountCall() },
		"leave-node": leaveNode,
	})
}

// access asks the kernel, with the rights of the process as they count.
func access(path string, mode uint32) error {
	return unix.Faccessat2(unix.AT_FDCWD, path, mode, unix.AT_EACCESS)
}

// connect connects to a socket and says nothing.
func connect(path string) error {
	conn, err := net.Dial("unix", path)
	if err != nil {
		return err
	}
	return conn.Close()
}

// listen is a service for a proof on the host: it takes connections until it is
// ended.
func listen(path string) error {
	l, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	fmt.Println("listening")
	for {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		conn.Close()
	}
}

// deviceNode makes a node of the harmless null device where a container can write,
// and takes it away again.
func deviceNode(path string) error {
	if err := unix.Mknod(path, unix.S_IFCHR|0o600, int(unix.Mkdev(1, 3))); err != nil {
		return err
	}
	return os.Remove(path)
}

// mountCall asks for a file system that no kernel has: where mounting is allowed,
// the kernel looks for it.
func mountCall() error { return reaches(unix.Mount("none", "/", "nosuchfs", 0, "")) }

// leaveNode makes a node of the harmless null device that everyone may open, and
// stays as another user, in whose root directory it is.
func leaveNode(args []string) error {
	id, err := strconv.ParseUint(args[1], 10, 32)
	if err != nil {
		return err
	}
	if err := unix.Mknod(args[0], unix.S_IFCHR|0o666, int(unix.Mkdev(1, 3))); err != nil {
		return err
	}
	if err := os.Chmod(args[0], 0o666); err != nil {
		return err
	}
	cmd := exec.Command("sleep", "1000")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(id), Gid: uint32(id)}}
	return cmd.Run()
}
