package livehost

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"
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

// dialInside connects on a thread that has entered the namespace. The thread
// is not given back: it ends with its goroutine, so that nothing else ever
// runs in the namespace. A socket stays in the namespace it was made in.
func dialInside(ctx context.Context, m Machine, pid int, address string) (net.Conn, error) {
	path := filepath.Join(m.Proc, strconv.Itoa(pid), "ns/net")
	ns, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer ns.Close()
	type result struct {
		conn net.Conn
		err  error
	}
	done := make(chan result, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends here
		if err := unix.Setns(int(ns.Fd()), unix.CLONE_NEWNET); err != nil {
			done <- result{nil, fmt.Errorf("enter network namespace %s: %w", path, err)}
			return
		}
		// One address and no fallback: the socket is made on this thread.
		conn, err := (&net.Dialer{FallbackDelay: -1}).DialContext(ctx, "tcp", address)
		done <- result{conn, err}
	}()
	r := <-done
	return r.conn, r.err
}
