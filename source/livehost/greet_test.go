package livehost

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"testing"
)

// serveOnce listens on a loopback port and lets handle have each connection.
func serveOnce(t *testing.T, handle func(net.Conn)) dialer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				handle(conn)
			}()
		}
	}()
	return func(ctx context.Context) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", l.Addr().String())
	}
}

func TestGreetOfListenersThatAreNoEngine(t *testing.T) {
	for name, handle := range map[string]func(net.Conn){
		"closes at once": func(net.Conn) {},
		"noise":          func(c net.Conn) { _, _ = io.CopyN(c, rand.Reader, 1<<10) },
		"endless":        func(c net.Conn) { _, _ = io.Copy(c, rand.Reader) },
	} {
		t.Run(name, func(t *testing.T) {
			if h, err := handshake(t.Context(), serveOnce(t, handle)); err == nil {
				t.Errorf("no error, %+v", h)
			}
		})
	}
	t.Run("silent", func(t *testing.T) {
		_, err := handshake(t.Context(), serveOnce(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }))
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("error %v, want a timeout", err)
		}
	})
	t.Run("forbidden", func(t *testing.T) {
		h, err := handshake(t.Context(), serveOnce(t, func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno")
			_, _ = io.Copy(io.Discard, c)
		}))
		if err != nil || !h.Plaintext || h.Anonymous {
			t.Errorf("%+v, %v: want plain HTTP that does not serve strangers", h, err)
		}
	})
}

func TestAddresses(t *testing.T) {
	for listen, want := range map[string]string{
		"0.0.0.0:2375": "127.0.0.1:2375", "[::]:2375": "[::1]:2375", "192.0.2.7:1": "192.0.2.7:1",
	} {
		if got := dialAddress(netip.MustParseAddrPort(listen)).String(); got != want {
			t.Errorf("dial %s at %s, want %s", listen, got, want)
		}
	}
	for _, tt := range []struct {
		listen, to string
		want       bool
	}{
		{"0.0.0.0:1", "127.0.0.1:1", true},
		{"0.0.0.0:1", "[::1]:1", false},
		{"[::]:1", "127.0.0.1:1", true},
		{"[::]:1", "127.0.0.1:2", false},
		{"127.0.0.1:1", "192.0.2.7:1", false},
	} {
		if got := serves(netip.MustParseAddrPort(tt.listen), netip.MustParseAddrPort(tt.to)); got != tt.want {
			t.Errorf("%s serves %s: %v", tt.listen, tt.to, got)
		}
	}
}

func FuzzSubjects(f *testing.F) {
	f.Add([]byte{0x30, 0x0d, 0x31, 0x0b, 0x30, 0x09, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, 0x02, 'C', 'A'})
	f.Fuzz(func(t *testing.T, der []byte) {
		if got := subjects([][]byte{der}); len(got) != 1 {
			t.Errorf("%d names for one", len(got))
		}
	})
}
