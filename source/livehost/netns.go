package livehost

import (
	"context"
	"net"

	"seawall/source/netstack"
	"seawall/source/procfs"
)

// dialFrom returns a dialer that connects from inside the network namespace of
// a process.
func dialFrom(m Machine, pid int, address string) dialer {
	if sameNamespace(m, pid, "net") {
		return func(ctx context.Context) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", address)
		}
	}
	return func(ctx context.Context) (net.Conn, error) { return dialInside(ctx, m, pid, address) }
}

// dialInside connects from inside the namespace: a socket stays in the one it was
// made in.
func dialInside(ctx context.Context, m Machine, pid int, address string) (conn net.Conn, err error) {
	dir, err := procfs.OpenDir(m.Proc, pid)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	namespace, err := netstack.Open(dir)
	if err != nil {
		return nil, err
	}
	defer namespace.Close()
	err = namespace.Enter(ctx, func() (err error) {
		// One address and no fallback: the socket is made on this thread.
		conn, err = (&net.Dialer{FallbackDelay: -1}).DialContext(ctx, "tcp", address)
		return err
	})
	return conn, err
}
