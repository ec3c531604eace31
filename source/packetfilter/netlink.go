package packetfilter

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"

	"golang.org/x/sys/unix"

	"seawall/lang"
	"seawall/source/netlink"
)

// ErrRefused: the kernel does not tell its rules to this process.
var ErrRefused = errors.New(lang.N("the kernel tells its packet filters only to a process with CAP_NET_ADMIN"))

// familyHeader is the size of struct nfgenmsg.
const familyHeader = 4

// nftMessage is a message of nf_tables, of one table, chain or rule.
type nftMessage struct {
	family uint8
	attrs  attributes
}

// attributes are netlink attributes, as they came: a rule has few, and is one of
// thousands.
type attributes []byte

// get is the value of the last attribute of a type; nil if there is none.
func (a attributes) get(kind uint16) []byte {
	var out []byte
	_ = netlink.Attributes(a, 0, func(k uint16, value []byte) error { // attributesOf has seen that they are whole
		if k == kind {
			out = value
		}
		return nil
	})
	return out
}

func (a attributes) text(kind uint16) string {
	return string(bytes.TrimRight(a.get(kind), "\x00"))
}

func (a attributes) number(kind uint16) uint32 {
	value := a.get(kind)
	if len(value) < 4 {
		return 0
	}
	return binary.BigEndian.Uint32(value)
}

// attributesOf are attributes, and an error if they are not whole.
func attributesOf(data []byte) (attributes, error) {
	return data, netlink.Attributes(data, 0, func(uint16, []byte) error { return nil })
}

// errChanged: the rules changed while the kernel listed them.
var errChanged = errors.New(lang.N("rules change while they are read"))

// ask sends a request to nf_tables, one of NFT_MSG_GET*, and returns what it
// answers. A kernel without nf_tables answers nothing.
func ask(ctx context.Context, request uint16, how func(*netlink.Conn, uint16, []byte) ([]byte, error)) ([]nftMessage, error) {
	conn, err := netlink.Dial(ctx, unix.NETLINK_NETFILTER)
	if errors.Is(err, unix.EPROTONOSUPPORT) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	data, err := how(conn, unix.NFNL_SUBSYS_NFTABLES<<8|request, make([]byte, familyHeader)) // family and version 0
	if err != nil {
		return nil, meaning(err)
	}
	return messagesOf(data)
}

// messagesOf splits an answer.
func messagesOf(data []byte) ([]nftMessage, error) {
	var out []nftMessage
	err := netlink.Messages(data, func(kind uint16, body []byte) error {
		if kind < unix.NLMSG_MIN_TYPE {
			return nil
		}
		if len(body) < familyHeader {
			return errCut
		}
		attrs, err := attributesOf(body[familyHeader:])
		out = append(out, nftMessage{family: body[0], attrs: attrs})
		return err
	})
	if err != nil {
		return nil, lang.RecordErrorf("answer of nf_tables: %w", err)
	}
	return out, nil
}

// meaning is what an error of the kernel means: one without nf_tables does not
// know the request.
func meaning(err error) error {
	var refusal netlink.Refusal
	switch {
	case errors.Is(err, netlink.ErrInterrupted):
		return errChanged
	case !errors.As(err, &refusal):
		return lang.RecordErrorf("ask nf_tables: %w", err)
	}
	switch refusal.Errno {
	case unix.EINVAL, unix.ENOENT, unix.EOPNOTSUPP:
		return nil
	case unix.EPERM:
		return ErrRefused
	case unix.EINTR, unix.EAGAIN:
		return errChanged
	}
	return lang.RecordErrorf("answer of nf_tables: %w", err)
}
