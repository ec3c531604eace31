// Package netlink asks the kernel over netlink sockets (netlink(7)).
//
// A socket belongs to the network namespace of the thread that makes it.
package netlink

import (
	"context"
	"encoding/binary"
	"errors"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"seawall/lang"
)

// Bounds of an answer: no kernel takes seconds, and no host has as much to tell.
const (
	patience  = 5 * time.Second
	maxAnswer = 64 << 20
)

// attempts are made for a list that changes while the kernel tells it.
const attempts = 10

var errTooLong = errors.New(lang.N("netlink answer: longer than is read"))

// ErrInterrupted: what a list tells of changed at every attempt.
var ErrInterrupted = errors.New(lang.N("netlink answer: what it tells of changed at every attempt"))

// Conn is a socket to one part of the kernel. It is for one goroutine.
type Conn struct {
	ctx      context.Context
	fd       int
	deadline time.Time
	sequence uint32
	buffer   *[]byte
}

// buffers are for datagrams, of which none is longer: whoever reads hundreds of
// namespaces makes thousands of sockets.
var buffers = sync.Pool{New: func() any { return new(make([]byte, 64<<10)) }}

// Dial makes a socket for a protocol (unix.NETLINK_ROUTE). Its questions are
// answered until the context ends.
func Dial(ctx context.Context, protocol int) (*Conn, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, protocol)
	if err != nil {
		return nil, lang.RecordErrorf("netlink socket: %w", err)
	}
	return &Conn{ctx: ctx, fd: fd, buffer: buffers.Get().(*[]byte)}, nil
}

// Close lets the socket go.
func (c *Conn) Close() error {
	buffers.Put(c.buffer)
	return unix.Close(c.fd)
}

// Refusal is an error that is the kernel's answer, and not one of asking.
type Refusal struct{ unix.Errno }

func (r Refusal) Unwrap() error { return r.Errno }

// Get asks for one thing and returns the messages of the answer.
func (c *Conn) Get(request uint16, body []byte) ([]byte, error) {
	return c.Ask(request, unix.NLM_F_ACK, body, unix.NLMSG_ERROR)
}

// List asks for a list and returns its messages.
func (c *Conn) List(request uint16, body []byte) ([]byte, error) {
	for range attempts {
		out, err := c.Ask(request, unix.NLM_F_DUMP, body, unix.NLMSG_DONE)
		if !errors.Is(err, ErrInterrupted) {
			return out, err
		}
	}
	return nil, ErrInterrupted
}

// Ask sends a request and gathers messages up to one of the kind last.
func (c *Conn) Ask(request, flags uint16, body []byte, last uint16) ([]byte, error) {
	c.deadline = time.Now().Add(patience)
	if d, ok := c.ctx.Deadline(); ok && d.Before(c.deadline) {
		c.deadline = d
	}
	c.sequence++
	message := make([]byte, header, header+len(body))
	binary.NativeEndian.PutUint32(message, uint32(header+len(body)))
	binary.NativeEndian.PutUint16(message[4:], request)
	binary.NativeEndian.PutUint16(message[6:], unix.NLM_F_REQUEST|flags)
	binary.NativeEndian.PutUint32(message[8:], c.sequence)
	if err := unix.Sendto(c.fd, append(message, body...), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return nil, err
	}
	return c.receive(last)
}

// receive reads messages until the answer is complete.
func (c *Conn) receive(last uint16) ([]byte, error) {
	var out []byte
	interrupted := false
	for {
		data, err := c.datagram()
		if err != nil {
			return nil, err
		}
		done, broken, err := c.complete(data, last)
		out = append(out, data...)
		interrupted = interrupted || broken
		switch {
		case err != nil:
			return nil, err
		case done && interrupted:
			return nil, ErrInterrupted
		case done:
			return out, nil
		case len(out) > maxAnswer:
			return nil, errTooLong
		}
	}
}

// datagram reads what the kernel has sent in one piece.
func (c *Conn) datagram() ([]byte, error) {
	for {
		left := time.Until(c.deadline)
		if left <= 0 || c.ctx.Err() != nil {
			return nil, context.DeadlineExceeded
		}
		wait := unix.NsecToTimeval(max(left, time.Millisecond).Nanoseconds())
		if err := unix.SetsockoptTimeval(c.fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &wait); err != nil {
			return nil, lang.RecordErrorf("netlink timeout: %w", err)
		}
		n, from, err := unix.Recvfrom(c.fd, *c.buffer, unix.MSG_TRUNC)
		switch {
		case errors.Is(err, unix.EINTR), errors.Is(err, unix.EAGAIN):
			continue
		case err != nil:
			return nil, lang.RecordErrorf("netlink answer: %w", err)
		case n > len(*c.buffer):
			return nil, errTooLong
		}
		if sender, ok := from.(*unix.SockaddrNetlink); ok && sender.Pid == 0 { // the kernel
			return (*c.buffer)[:n], nil
		}
	}
}

// complete reports whether messages end the answer, and whether what they tell
// of changed meanwhile. What the kernel refuses is a [Refusal].
func (c *Conn) complete(data []byte, last uint16) (done, interrupted bool, err error) {
	parse := messages(data, func(m message) error {
		if m.sequence != c.sequence {
			return nil
		}
		interrupted = interrupted || m.flags&unix.NLM_F_DUMP_INTR != 0
		done = done || m.kind == last
		if (m.kind == unix.NLMSG_ERROR || m.kind == unix.NLMSG_DONE) && len(m.body) >= 4 {
			if errno := -int32(binary.NativeEndian.Uint32(m.body)); errno > 0 {
				return Refusal{unix.Errno(errno)}
			}
		}
		return nil
	})
	return done, interrupted, parse
}
