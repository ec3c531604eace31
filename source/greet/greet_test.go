package greet

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

// TestPing: what servers answer.
func TestPing(t *testing.T) {
	for _, tt := range []struct {
		name, says string
		want       Answer
		fails      bool
	}{
		{"an engine", "HTTP/1.1 200 OK\r\nApi-Version: 1.51\r\nContent-Length: 2\r\n\r\nOK", Answer{Status: 200, Engine: "docker"}, false},
		{"Podman", "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nLibpod-Api-Version: 5.0.0\r\n\r\nOK", Answer{Status: 200, Engine: "podman"}, false},
		{"an engine that forbids it", "HTTP/1.1 403 Forbidden\r\nApi-Version: 1.51\r\n\r\n", Answer{Status: 403, Engine: "docker"}, false},
		{"another server", "HTTP/1.1 400 Bad Request\r\n\r\nno", Answer{Status: 400}, false},
		{"an answer without an end", "HTTP/1.1 200 OK\r\n\r\n" + strings.Repeat("x", 1<<20), Answer{Status: 200}, false},
		{"Go's TLS", "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n", Answer{Status: 400, WantsTLS: true}, false},
		{"a TLS alert", "\x15\x03\x01\x00\x02\x02\x46", Answer{WantsTLS: true}, false},
		{"headers without an end", "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20), Answer{}, true},
		{"SSH", "SSH-2.0-OpenSSH_9.2\r\n", Answer{}, true},
		{"one byte", "\x15", Answer{}, true},
		{"nothing", "", Answer{}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			conn := server(t, func(c net.Conn) { _, _ = io.WriteString(c, tt.says) })
			ctx, cancel := context.WithTimeout(t.Context(), Timeout)
			defer cancel()
			got, err := Ping(ctx, conn)
			if got != tt.want || (err != nil) != tt.fails || errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

// TestSilent: the context's end is the end of the wait, whichever way it comes.
func TestSilent(t *testing.T) {
	for name, end := range map[string]func(context.Context) (context.Context, context.CancelFunc){
		"deadline": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 50*time.Millisecond)
		},
		"cancelled": func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(50*time.Millisecond, cancel)
			return ctx, cancel
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := end(t.Context())
			defer cancel()
			conn := server(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
			if got, err := Ping(ctx, conn); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

// TestRequest: nothing else is sent.
func TestRequest(t *testing.T) {
	got := make(chan string, 1)
	conn := server(t, func(c net.Conn) {
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		all, _ := io.ReadAll(c)
		got <- string(all)
	})
	if _, err := Ping(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
	conn.Close()
	if all := <-got; all != request {
		t.Errorf("sent %q", all)
	}
}

// server lets answer have one connection, and returns its other end.
func server(t *testing.T, answer func(net.Conn)) net.Conn {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	far, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		answer(far)
		_ = far.(*net.TCPConn).CloseWrite()
		_, _ = io.Copy(io.Discard, far) // a close with unread input is a reset
		far.Close()
	}()
	return conn
}
