package packetfilter

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// ErrRefused: the kernel does not tell its rules to this process.
var ErrRefused = errors.New("the kernel tells its packet filters only to a process with CAP_NET_ADMIN")

const (
	netlinkPatience = 5 * time.Second
	messageHeader   = unix.SizeofNlMsghdr
	familyHeader    = 4 // struct nfgenmsg
)

// nftMessage is a message of nf_tables, of one table, chain or rule.
type nftMessage struct {
	family uint8
	attrs  attributes
}

// attributes are netlink attributes by type.
type attributes map[uint16][]byte

func (a attributes) text(kind uint16) string {
	value := a[kind]
	for len(value) > 0 && value[len(value)-1] == 0 {
		value = value[:len(value)-1]
	}
	return string(value)
}

func (a attributes) number(kind uint16) uint32 {
	if len(a[kind]) < 4 {
		return 0
	}
	return binary.BigEndian.Uint32(a[kind])
}

// eachAttribute visits netlink attributes; false if they are cut short.
func eachAttribute(data []byte, visit func(kind uint16, value []byte)) bool {
	for len(data) >= 4 {
		length := int(binary.NativeEndian.Uint16(data))
		if length < 4 || length > len(data) {
			return false
		}
		visit(binary.NativeEndian.Uint16(data[2:])&0x3fff, data[4:length])
		data = data[min(len(data), (length+3)&^3):]
	}
	return len(data) == 0
}

func attributesOf(data []byte) (attributes, bool) {
	out := attributes{}
	ok := eachAttribute(data, func(kind uint16, value []byte) { out[kind] = value })
	return out, ok
}

// errChanged: the rules changed while the kernel listed them.
var errChanged = errors.New("rules change while they are read")

// ask sends a request to nf_tables, one of NFT_MSG_GET*, and returns what it
// answers. A kernel without nf_tables answers nothing.
func ask(ctx context.Context, request uint16, flags uint16) ([]nftMessage, error) {
	socket, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_NETFILTER)
	if errors.Is(err, unix.EPROTONOSUPPORT) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("netlink socket: %w", err)
	}
	defer unix.Close(socket)
	message := make([]byte, messageHeader+familyHeader) // family and version 0
	binary.NativeEndian.PutUint32(message, uint32(len(message)))
	binary.NativeEndian.PutUint16(message[4:], unix.NFNL_SUBSYS_NFTABLES<<8|request)
	binary.NativeEndian.PutUint16(message[6:], unix.NLM_F_REQUEST|flags)
	binary.NativeEndian.PutUint32(message[8:], 1)
	if err := unix.Sendto(socket, message, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return nil, fmt.Errorf("ask nf_tables: %w", err)
	}
	deadline := time.Now().Add(netlinkPatience)
	if d, ok := ctx.Deadline(); ok && d.Before(deadline) {
		deadline = d
	}
	return answers(ctx, socket, flags&unix.NLM_F_DUMP != 0, deadline)
}

// answers reads messages until the last.
func answers(ctx context.Context, socket int, dump bool, deadline time.Time) ([]nftMessage, error) {
	var out []nftMessage
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
			return nil, fmt.Errorf("answer of nf_tables: %w", err)
		}
		messages, done, err := messagesOf(buffer[:n:n])
		if err != nil || done && len(messages) == 0 {
			return out, err
		}
		out = append(out, messages...)
		if done || !dump {
			return out, nil
		}
		buffer = make([]byte, len(buffer)) // the messages keep theirs
	}
}

// messagesOf splits what the kernel sent; done if it was the last.
func messagesOf(data []byte) (out []nftMessage, done bool, err error) {
	for len(data) > 0 {
		if len(data) < messageHeader {
			return nil, false, fmt.Errorf("answer of nf_tables: %w", errCut)
		}
		length := int(binary.NativeEndian.Uint32(data))
		if length < messageHeader || length > len(data) {
			return nil, false, fmt.Errorf("answer of nf_tables: %w", errCut)
		}
		body := data[messageHeader:length]
		if binary.NativeEndian.Uint16(data[6:])&unix.NLM_F_DUMP_INTR != 0 {
			return nil, false, errChanged
		}
		switch binary.NativeEndian.Uint16(data[4:]) {
		case unix.NLMSG_DONE:
			return out, true, nil
		case unix.NLMSG_ERROR:
			return nil, true, refusal(body)
		default:
			if len(body) < familyHeader {
				return nil, false, fmt.Errorf("answer of nf_tables: %w", errCut)
			}
			attrs, ok := attributesOf(body[familyHeader:])
			if !ok {
				return nil, false, fmt.Errorf("answer of nf_tables: %w", errCut)
			}
			out = append(out, nftMessage{family: body[0], attrs: attrs})
		}
		data = data[min(len(data), (length+3)&^3):]
	}
	return out, false, nil
}

// refusal is what an error of the kernel means: one without nf_tables does not
// know the request.
func refusal(body []byte) error {
	if len(body) < 4 {
		return fmt.Errorf("answer of nf_tables: %w", errCut)
	}
	switch errno := unix.Errno(-int32(binary.NativeEndian.Uint32(body))); errno {
	case 0, unix.EINVAL, unix.ENOENT, unix.EOPNOTSUPP:
		return nil
	case unix.EPERM:
		return ErrRefused
	case unix.EINTR, unix.EAGAIN:
		return errChanged
	default:
		return fmt.Errorf("answer of nf_tables: %w", errno)
	}
}
