package livehost

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"golang.org/x/sys/unix"

	"seawall/lang"
	"seawall/source/greet"
)

// pingTimeout is how long a socket may take to show that it is an engine's,
// patience how long an engine may whose daemon is known to run.
const (
	pingTimeout = time.Second
	patience    = 10 * time.Second
)

var errNotEngine = errors.New(lang.N("does not answer as an Engine API"))

// ping asks a unix socket with GET /_ping whether the Engine API answers
// there, for so long. It returns the engine's kind.
func ping(ctx context.Context, socket string, timeout time.Duration) (kind string, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	transport := &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}}
	defer transport.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://docker/_ping", nil)
	if err != nil {
		return "", err
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return "", lang.RecordErrorf("GET /_ping on %s: %w", socket, err)
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, 1<<10)
	if kind = greet.Engine(resp.Header); kind == "" {
		return "", fmt.Errorf("%s: %w", socket, errNotEngine)
	}
	return kind, nil
}

// peer returns the process that listens on a unix socket (SO_PEERCRED,
// unix(7)): the one that called listen, which for a socket-activated engine is
// the service manager. It is 0 for a process that this pid namespace does not
// show.
func peer(ctx context.Context, socket string) (pid int, err error) {
	ctx, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "unix", socket)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	raw, err := conn.(*net.UnixConn).SyscallConn()
	if err != nil {
		return 0, err
	}
	var cred *unix.Ucred
	var credErr error
	err = raw.Control(func(fd uintptr) { cred, credErr = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED) })
	if err := errors.Join(err, credErr); err != nil {
		return 0, lang.RecordErrorf("ask who listens on %s: %w", socket, err)
	}
	return int(cred.Pid), nil
}
