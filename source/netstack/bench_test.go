package netstack

import (
	"fmt"
	"io"
	"net"
	"testing"
)

// containers makes a host with a bridge, and namespaces linked to it.
func containers(b *testing.B, count int) []*host {
	all := []*host{newHost(b, "ip link add br0 type bridge\nip link set br0 up\nip addr add 10.0.0.1/16 dev br0")}
	for i := range count {
		all = append(all, newHost(b, fmt.Sprintf("ip link add eth0 type veth peer name v%d netns %s\nip addr add 10.0.1.%d/16 dev eth0\nip link set eth0 up", i, all[0].pid, i+1)))
		all[0].sh(fmt.Sprintf("ip link set v%d master br0 up", i))
	}
	return all
}

// BenchmarkRead reads a host and 100 containers, all but their filters.
func BenchmarkRead(b *testing.B) {
	all := containers(b, 100)
	for b.Loop() {
		read(b, all...)
	}
}

// BenchmarkAsk asks 1,000 questions of one host, a quarter of each sort.
func BenchmarkAsk(b *testing.B) {
	h := newHost(b, "ip link add a0 type veth peer name a1\nip addr add 10.0.1.1/24 dev a0\nip addr add fd01::1/64 dev a0 nodad\nip link set a0 up\nip link set a1 up")
	var questions []Question
	for range 250 {
		questions = append(questions,
			Question{In: "a0", Source: ip("10.0.1.2"), Destination: ip("10.0.1.1")}, Question{Destination: ip("10.0.1.2")},
			Question{In: "a0", Source: ip("fd01::2"), Destination: ip("fd01::1")}, Question{Destination: ip("203.0.113.1")})
	}
	for b.Loop() {
		for _, r := range h.Ask(b.Context(), questions) {
			if r.Kind == unknown {
				b.Fatalf("%+v", r)
			}
		}
	}
}

// BenchmarkListeners lists ten listeners among 10,000 connected sockets, and
// 10,000 listeners.
func BenchmarkListeners(b *testing.B) {
	b.Run("connected", func(b *testing.B) {
		h := newHost(b, "")
		h.in(func() error { return connect(b, 10, 5000) })
		h.list(b, 10)
	})
	b.Run("listening", func(b *testing.B) {
		h := newHost(b, "")
		h.in(func() error { return connect(b, 10_000, 0) })
		h.list(b, 10_000)
	})
}

func (h *host) list(b *testing.B, want int) {
	h.in(func() error {
		for b.Loop() {
			if got := seen(b, readListeners(b.Context(), nil)); len(got) != want {
				return fmt.Errorf("%d listeners, want %d", len(got), want)
			}
		}
		return nil
	})
}

// connect opens listeners, and connections to the last one, each of two sockets.
func connect(b *testing.B, listeners, connections int) error {
	keep := func(c io.Closer) { b.Cleanup(func() { c.Close() }) }
	var l net.Listener
	for range listeners {
		var err error
		if l, err = net.Listen("tcp4", "127.0.0.1:0"); err != nil {
			return err
		}
		keep(l)
	}
	for range connections {
		near, err := net.Dial("tcp4", l.Addr().String())
		if err != nil {
			return err
		}
		keep(near)
		far, err := l.Accept()
		if err != nil {
			return err
		}
		keep(far)
	}
	return nil
}
