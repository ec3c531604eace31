package probe

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"

	"golang.org/x/sys/unix"

	"seawall/source/greet"
)

// Outcome is what became of a connection.
type Outcome struct {
	State State
	// Why is, of one that was unreachable, the name of the kernel's error, and the
	// ICMP error behind it: "EHOSTUNREACH, ICMP type 3 code 13 from 10.0.0.1". Of one
	// not tried, and of an API that is Other or Silent, it is a sentence.
	Why string
	// Service is who answered, where that was asked and it opened.
	Service Service
}

// State is how far a connection came.
type State string

const (
	// Opened: the server's kernel took it, whatever the server made of it then.
	Opened State = "opened"
	// Refused with a RST: nobody listens, or a filter says so. Before Linux 5.8 also
	// where it was an ICMP error, port unreachable.
	Refused State = "refused"
	// Unreachable: the kernel has no way there, or somebody sent an ICMP error.
	Unreachable State = "unreachable"
	// TimedOut: nothing came back, in two attempts.
	TimedOut State = "timeout"
	// NotTried: nothing was sent, or not waited for. Nothing is known.
	NotTried State = "not tried"
)

// Service is what a stranger got for a plain GET /_ping.
type Service string

const (
	// Engine: the API of an engine that serves anybody.
	Engine Service = "engine"
	// TLS: somebody who wants to be spoken to in TLS.
	TLS Service = "tls"
	// Other: another answer, or the end of the connection.
	Other Service = "other"
	// Silent: nothing came. Nothing is known.
	Silent Service = "silent"
)

func notTried(err error) Outcome { return Outcome{State: NotTried, Why: err.Error()} }

// outcome is that of a connection that failed with an error of the kernel.
func outcome(fd int, errno unix.Errno) Outcome {
	switch errno {
	case unix.ECONNRESET, unix.EPIPE: // tcp_reset() gives these only to what was open
		return Outcome{State: Opened}
	case unix.ETIMEDOUT:
		return Outcome{State: TimedOut}
	case unix.ENOBUFS, unix.ENOMEM, unix.EAGAIN, unix.EPERM: // of this process
		return notTried(os.NewSyscallError("connect", errno))
	}
	told := icmp(fd)
	if told == "" && errno == unix.ECONNREFUSED {
		return Outcome{State: Refused}
	}
	out := Outcome{State: Unreachable, Why: unix.ErrnoName(errno)}
	if told != "" {
		out.Why += ", " + told
	}
	return out
}

// ask asks who answers on an open connection, and says more where that is not
// all.
func ask(ctx context.Context, conn greet.Conn) (Service, string) {
	ctx, cancel := context.WithTimeout(ctx, greet.Timeout)
	defer cancel()
	answer, err := greet.Ping(ctx, conn)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return Silent, "it did not answer in time"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, unix.ECONNRESET), errors.Is(err, unix.EPIPE):
		return Other, "it ends the connection without an answer"
	case err != nil:
		return Other, "it does not answer in HTTP"
	case answer.WantsTLS:
		return TLS, ""
	case answer.Status == http.StatusOK && answer.Engine != "":
		return Engine, ""
	case answer.Engine != "":
		return Other, "an engine answers with status " + strconv.Itoa(answer.Status)
	}
	return Other, "another server answers with status " + strconv.Itoa(answer.Status)
}
