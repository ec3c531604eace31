// Package greet asks who answers on a connection, as a stranger may: with a plain
// GET /_ping, which every Engine API answers. It sends nothing else.
package greet

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// Timeout is how long one greeting may take.
const Timeout = 2 * time.Second

// How much is read of an answer, and of the body in it, in bytes.
const (
	maxAnswer = 64 << 10
	maxBody   = 1 << 10
)

// request is all that is sent.
const request = "GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n"

// Conn is what a greeting needs of a connection.
type Conn interface {
	io.ReadWriter
	SetDeadline(time.Time) error
}

// Answer is what a server answers.
type Answer struct {
	// Status of the answer in HTTP; 0 for a TLS alert.
	Status int
	// Engine is "docker" or "podman", by the headers that every answer of an engine
	// has; "" for another server.
	Engine string
	// WantsTLS: it complains that it was not spoken to in TLS, in HTTP as Go's
	// servers do, or with an alert.
	WantsTLS bool
}

// Ping greets until the context ends. A server that has not
// answered by then is [os.ErrDeadlineExceeded]; one that answers neither in HTTP nor in TLS is
// another error. The deadline of the connection is set.
func Ping(ctx context.Context, conn Conn) (Answer, error) {
	deadline, _ := ctx.Deadline() // none is the zero time
	if err := conn.SetDeadline(deadline); err != nil {
		return Answer{}, err
	}
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	if _, err := io.WriteString(conn, request); err != nil {
		return Answer{}, err
	}
	r := bufio.NewReader(io.LimitReader(conn, maxAnswer))
	if start, _ := r.Peek(len(alert)); bytes.Equal(start, alert) {
		return Answer{WantsTLS: true}, nil
	}
	resp, err := http.ReadResponse(r, nil)
	switch {
	case err != nil && ctx.Err() != nil, err != nil && !deadline.IsZero() && time.Now().After(deadline):
		return Answer{}, os.ErrDeadlineExceeded // it may have been about to say more
	case err != nil:
		return Answer{}, err
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	return Answer{
		Status: resp.StatusCode, Engine: Engine(resp.Header),
		WantsTLS: resp.StatusCode == http.StatusBadRequest && strings.Contains(string(body), "HTTPS server"),
	}, nil
}

// alert begins a TLS record of type alert (RFC 8446, section 5.1).
var alert = []byte{21, 3}

// Engine tells an engine by the headers that every answer of it has.
func Engine(h http.Header) string {
	switch {
	case h.Get("Libpod-Api-Version") != "":
		return "podman"
	case h.Get("Api-Version") != "":
		return "docker"
	}
	return ""
}
