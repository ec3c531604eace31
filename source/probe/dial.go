package probe

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"seawall/lang"
)

// dial begins to open a connection from this thread's namespace. Where that fails
// at once there is no connection but an outcome.
func dial(t Target) (*os.File, Outcome) {
	fd, err := socket(t)
	if err != nil {
		return nil, notTried(err)
	}
	err = unix.Connect(fd, sockaddr(netip.AddrPortFrom(t.Addr().Unmap(), t.Port())))
	if err == nil || errors.Is(err, unix.EINPROGRESS) {
		return os.NewFile(uintptr(fd), "connection to "+t.AddrPort.String()), Outcome{}
	}
	defer unix.Close(fd)
	var errno unix.Errno
	if !errors.As(err, &errno) {
		return nil, notTried(err)
	}
	return nil, outcome(fd, errno)
}

// socket makes a socket that keeps the ICMP errors it gets.
func socket(t Target) (fd int, err error) {
	family, level, option := unix.AF_INET, unix.IPPROTO_IP, unix.IP_RECVERR
	if t.Addr().Unmap().Is6() {
		family, level, option = unix.AF_INET6, unix.IPPROTO_IPV6, unix.IPV6_RECVERR
	}
	if fd, err = unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, unix.IPPROTO_TCP); err != nil {
		return -1, lang.RecordErrorf("make a socket: %w", err)
	}
	err = unix.SetsockoptInt(fd, level, option, 1)
	if err == nil && t.From.IsValid() {
		err = unix.Bind(fd, sockaddr(netip.AddrPortFrom(t.From.Unmap(), 0)))
	}
	if err != nil {
		unix.Close(fd)
		return -1, lang.RecordErrorf("prepare a socket: %w", err)
	}
	return fd, nil
}

func sockaddr(a netip.AddrPort) unix.Sockaddr {
	if a.Addr().Is4() {
		return &unix.SockaddrInet4{Addr: a.Addr().As4(), Port: int(a.Port())}
	}
	return &unix.SockaddrInet6{Addr: a.Addr().As16(), Port: int(a.Port())}
}

// await waits until a connection opens or fails.
func await(ctx context.Context, conn *os.File, timeout time.Duration) Outcome {
	raw, err := conn.SyscallConn()
	if err == nil {
		err = conn.SetDeadline(time.Now().Add(timeout))
	}
	if err != nil {
		return notTried(err)
	}
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	var out Outcome
	decided := func(fd uintptr) bool {
		out = look(int(fd))
		return out.State != ""
	}
	if err = raw.Write(decided); err != nil { // it may have opened meanwhile
		_ = raw.Control(func(fd uintptr) { decided(fd) })
	}
	switch {
	case out.State != "":
		return out
	case ctx.Err() != nil:
		return notTried(ctx.Err())
	case !errors.Is(err, os.ErrDeadlineExceeded):
		return notTried(err)
	}
	return Outcome{State: TimedOut}
}

// look sees what has become of a connection that is being opened; the zero
// outcome is nothing yet.
func look(fd int) Outcome {
	failed, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err != nil {
		return notTried(err)
	}
	if failed != 0 {
		return outcome(fd, unix.Errno(failed))
	}
	if _, err := unix.Getpeername(fd); err != nil {
		return Outcome{}
	}
	return Outcome{State: Opened}
}
