package prove

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"

	"seawall/lang"
	"seawall/source/greet"
)

// do makes the one system call that a child is for, and connects where that was
// asked for.
func (o *order) do() reply {
	mode, name := uint32(unix.R_OK), "R_OK"
	if o.Kind != Read {
		mode, name = unix.W_OK, "W_OK"
	}
	out := Outcome{State: Holds, Tried: fmt.Sprintf("faccessat2(%s, %s)", o.Path, name), Found: lang.N("it is allowed")}
	err := o.access(mode)
	switch {
	case err == nil && !o.isHosts():
		out.State, out.Found = Fails, lang.Recordf("it is not the host's %s", o.Host)
	case errors.Is(err, unix.ENOSYS):
		return reply{Error: lang.N("the kernel has no faccessat2: it takes Linux 5.8")}
	case err != nil:
		out.State, out.Found = Fails, unix.ErrnoName(err.(unix.Errno))
	case o.Kind == Socket && o.Connect && o.API:
		return o.connect()
	}
	return reply{Outcome: out}
}

// isHosts reports whether Path is the host's path that it must be.
func (o *order) isHosts() bool {
	var st unix.Stat_t
	return o.Host == "" || unix.Stat(o.Path, &st) == nil && st.Dev == o.Dev && st.Ino == o.Inode
}

// access asks whether Path may be used in a mode, by the effective rights; for a
// directory to be written it must be searched as well.
func (o *order) access(mode uint32) error {
	var st unix.Stat_t
	if mode == unix.W_OK && unix.Stat(o.Path, &st) == nil && st.Mode&unix.S_IFMT == unix.S_IFDIR {
		mode |= unix.X_OK
	}
	path, err := unix.BytePtrFromString(o.Path)
	if err != nil {
		return unix.EINVAL
	}
	at := unix.AT_FDCWD
	if _, _, errno := unix.Syscall6(unix.SYS_FACCESSAT2, uintptr(at), uintptr(unsafe.Pointer(path)), uintptr(mode), unix.AT_EACCESS, 0, 0); errno != 0 {
		return errno
	}
	return nil
}

// connect connects to the socket of an engine, and asks who answers.
func (o *order) connect() reply {
	out := Outcome{State: Fails, Tried: "connect(" + o.Path + ")"}
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return reply{Error: err.Error()}
	}
	if err := unix.Connect(fd, &unix.SockaddrUnix{Name: o.Path}); err != nil {
		unix.Close(fd)
		if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.EAGAIN) {
			return reply{Error: "connect(" + o.Path + "): " + err.Error()}
		}
		out.Found = err.Error()
		return reply{Outcome: out}
	}
	conn := os.NewFile(uintptr(fd), "socket")
	defer conn.Close()
	ctx, cancel := context.WithTimeout(context.Background(), childTime/2)
	defer cancel()
	answer, err := greet.Ping(ctx, conn)
	out.Tried = lang.Recordf("%s and GET /_ping", out.Tried)
	return out.answered(answer, err)
}

// answered judges who answered.
func (o Outcome) answered(answer greet.Answer, err error) reply {
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		o.State, o.Found = Untried, lang.N("it did not answer in time")
	case err != nil:
		o.Found = lang.N("it does not answer as an engine does")
	case answer.Engine == "":
		o.Found = lang.N("what answers is no Engine API")
	case answer.Status != http.StatusOK:
		o.Found = lang.Recordf("the engine answers with status %d", answer.Status)
	default:
		o.State, o.Found = Holds, lang.N("the Engine API answers")
	}
	return reply{Outcome: o}
}
