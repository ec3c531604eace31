package reach_test

import (
	"errors"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"

	"seawall/reach"
	"seawall/reach/filter"
	"seawall/source/netstack"
)

// probe opens all connections at once, and those that did not open once more,
// slower. On a busy machine servers take long to accept them all: to those that
// are said to be open it gives more time.
func (e *engine) probe(cells []cell) {
	e.t.Helper()
	for i, patience := range []time.Duration{300 * time.Millisecond, 900 * time.Millisecond, 3 * time.Second, 9 * time.Second} {
		by := map[*netstack.Namespace][]*cell{}
		for n := range cells {
			c := &cells[n]
			namespace := e.namespaces[c.who]
			if c.c.From.In != "" {
				namespace = e.neighbour
			}
			if !c.found && (i < 2 || c.said.Verdict == filter.Open) {
				by[namespace] = append(by[namespace], c)
			}
		}
		tries := map[int]*cell{} // by socket
		for namespace, list := range by {
			e.in(namespace, func() error {
				for _, c := range list {
					if socket := dial(c.c); socket >= 0 {
						tries[socket] = c
					}
				}
				return nil
			})
		}
		await(tries, patience)
	}
}

// dial begins to open a connection; -1 where that fails at once.
func dial(c reach.Connection) int {
	family := unix.AF_INET
	if c.To.Address.Addr().Is6() {
		family = unix.AF_INET6
	}
	socket, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1
	}
	if c.From.Sample.IsValid() {
		err = unix.Bind(socket, sockaddr(netip.AddrPortFrom(c.From.Sample, 0)))
	}
	if err == nil {
		err = unix.Connect(socket, sockaddr(c.To.Address))
	}
	if err != nil && !errors.Is(err, unix.EINPROGRESS) {
		unix.Close(socket)
		return -1
	}
	return socket
}

func sockaddr(a netip.AddrPort) unix.Sockaddr {
	if a.Addr().Is4() {
		return &unix.SockaddrInet4{Addr: a.Addr().As4(), Port: int(a.Port())}
	}
	return &unix.SockaddrInet6{Addr: a.Addr().As16(), Port: int(a.Port())}
}

// await waits for connections that are being opened, and closes them.
func await(tries map[int]*cell, patience time.Duration) {
	for end := time.Now().Add(patience); len(tries) > 0 && time.Now().Before(end); {
		var list []unix.PollFd
		for socket := range tries {
			list = append(list, unix.PollFd{Fd: int32(socket), Events: unix.POLLOUT})
		}
		_, _ = unix.Poll(list, int(time.Until(end).Milliseconds())+1) // interrupted: once more
		for _, p := range list {
			if p.Revents == 0 {
				continue
			}
			socket := int(p.Fd)
			failed, err := unix.GetsockoptInt(socket, unix.SOL_SOCKET, unix.SO_ERROR)
			tries[socket].found = err == nil && failed == 0
			unix.Close(socket)
			delete(tries, socket)
		}
	}
	for socket := range tries {
		unix.Close(socket)
	}
}
