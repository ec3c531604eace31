package auditrule

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"seawall/snapshot"
)

// Errors of asking the kernel.
var (
	// ErrNoAudit: this kernel has no audit log.
	ErrNoAudit = errors.New("the kernel has no audit log")
	// ErrRefused: the kernel does not tell its rules to this process. It takes
	// CAP_AUDIT_CONTROL, and the first user and process namespaces
	// (kernel/audit.c, audit_netlink_ok).
	ErrRefused = errors.New("the kernel does not tell its audit rules here")
	errTooMany = errors.New("more audit rules than are read")
)

// Bounds of an answer: no kernel takes seconds, and no host has as many rules.
const (
	patience  = 5 * time.Second
	maxAnswer = 16 << 20
	header    = unix.SizeofNlMsghdr
)

// Kernel asks the kernel for the state of its audit log. It only reads: the two
// requests are AUDIT_GET and AUDIT_LIST_RULES.
func Kernel(ctx context.Context) (snapshot.Audit, error) {
	status, err := ask(ctx, unix.AUDIT_GET)
	if err != nil {
		return snapshot.Audit{}, fmt.Errorf("audit status: %w", err)
	}
	rules, err := ask(ctx, unix.AUDIT_LIST_RULES)
	if err != nil {
		return snapshot.Audit{}, fmt.Errorf("audit rules: %w", err)
	}
	return Parse(status, rules)
}

// Parse reads the kernel's answers to AUDIT_GET and AUDIT_LIST_RULES, each one
// or more netlink messages.
func Parse(status, rules []byte) (snapshot.Audit, error) {
	var out snapshot.Audit
	seen := false
	err := messagesOf(status, func(kind uint16, body []byte) (err error) {
		if kind == unix.AUDIT_GET {
			seen = true
			out, err = parseStatus(body)
		}
		return err
	})
	if err == nil && !seen {
		err = errors.New("audit status: not in the answer")
	}
	if err != nil {
		return out, err
	}
	return out, messagesOf(rules, func(kind uint16, body []byte) error {
		if kind != unix.AUDIT_LIST_RULES {
			return nil
		}
		r, err := parseRule(body)
		out.Rules = append(out.Rules, r)
		return err
	})
}

// messagesOf calls visit for every netlink message in an answer.
func messagesOf(data []byte, visit func(kind uint16, body []byte) error) error {
	for len(data) > 0 {
		if len(data) < header {
			return fmt.Errorf("netlink message: cut short: %d bytes", len(data))
		}
		length := binary.NativeEndian.Uint32(data)
		if length < header || uint64(length) > uint64(len(data)) {
			return fmt.Errorf("netlink message of %d bytes in %d", length, len(data))
		}
		if err := visit(binary.NativeEndian.Uint16(data[4:]), data[header:length]); err != nil {
			return err
		}
		data = data[min(uint64(len(data)), (uint64(length)+3)&^3):]
	}
	return nil
}

// ask sends a request without content and gathers the answer.
func ask(ctx context.Context, request uint16) ([]byte, error) {
	socket, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_AUDIT)
	if errors.Is(err, unix.EPROTONOSUPPORT) {
		return nil, ErrNoAudit
	}
	if err != nil {
		return nil, fmt.Errorf("netlink socket: %w", err)
	}
	defer unix.Close(socket)
	message := make([]byte, header)
	binary.NativeEndian.PutUint32(message, header)
	binary.NativeEndian.PutUint16(message[4:], request)
	binary.NativeEndian.PutUint16(message[6:], unix.NLM_F_REQUEST|unix.NLM_F_ACK)
	binary.NativeEndian.PutUint32(message[8:], 1)
	if err := unix.Sendto(socket, message, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return nil, sendError(err)
	}
	deadline := time.Now().Add(patience)
	if d, ok := ctx.Deadline(); ok && d.Before(deadline) {
		deadline = d
	}
	return receive(ctx, socket, request, deadline)
}

// sendError names what a refusal means. The kernel refuses at once, in the
// acknowledgement or when the request is sent.
func sendError(err error) error {
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.ECONNREFUSED) {
		return fmt.Errorf("%w (%w)", ErrRefused, err)
	}
	return err
}

// receive reads messages until the answer is complete: for a status the message
// itself, for rules the one that ends the list.
func receive(ctx context.Context, socket int, request uint16, deadline time.Time) ([]byte, error) {
	var out []byte
	buffer := make([]byte, 64<<10)
	for {
		left := time.Until(deadline)
		if left <= 0 || ctx.Err() != nil {
			return nil, context.DeadlineExceeded
		}
		wait := unix.NsecToTimeval(max(left, time.Millisecond).Nanoseconds())
		if err := unix.SetsockoptTimeval(socket, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &wait); err != nil {
			return nil, fmt.Errorf("netlink timeout: %w", err)
		}
		n, _, err := unix.Recvfrom(socket, buffer, 0)
		switch {
		case errors.Is(err, unix.EINTR), errors.Is(err, unix.EAGAIN):
			continue
		case err != nil:
			return nil, fmt.Errorf("netlink answer: %w", err)
		}
		done, err := complete(buffer[:n], request)
		out = append(out, buffer[:n]...)
		switch {
		case err != nil:
			return nil, err
		case done:
			return out, nil
		case len(out) > maxAnswer:
			return nil, errTooMany
		}
	}
}

// complete reports whether messages end the answer to a request. A refusal is
// an error.
func complete(data []byte, request uint16) (done bool, err error) {
	parse := messagesOf(data, func(kind uint16, body []byte) error {
		switch {
		case kind == unix.NLMSG_ERROR && len(body) >= 4:
			if errno := -int32(binary.NativeEndian.Uint32(body)); errno != 0 {
				return sendError(unix.Errno(errno))
			}
		case kind == unix.NLMSG_DONE, kind == request && request == unix.AUDIT_GET:
			done = true
		}
		return nil
	})
	return done, parse
}
