package netlink

import (
	"context"
	"encoding/binary"
	"errors"
	"testing"

	"golang.org/x/sys/unix"
)

// links asks for all interfaces.
func links(t *testing.T, ctx context.Context) ([]byte, error) {
	t.Helper()
	c, err := Dial(ctx, unix.NETLINK_ROUTE)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return c.List(unix.RTM_GETLINK, make([]byte, unix.SizeofIfInfomsg))
}

// TestList: the loopback interface is in every list.
func TestList(t *testing.T) {
	data, err := links(t, t.Context())
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	err = Messages(data, func(kind uint16, body []byte) error {
		if kind != unix.RTM_NEWLINK {
			return nil
		}
		return Attributes(body, unix.SizeofIfInfomsg, func(kind uint16, value []byte) error {
			if kind == unix.IFLA_IFNAME {
				names[unix.ByteSliceToString(value)] = true
			}
			return nil
		})
	})
	if err != nil || !names["lo"] {
		t.Errorf("interfaces %v, %v", names, err)
	}
}

// TestGet: a refusal is the kernel's error, and the socket goes on.
func TestGet(t *testing.T) {
	c, err := Dial(t.Context(), unix.NETLINK_ROUTE)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for range 3 {
		body := make([]byte, unix.SizeofIfInfomsg)
		binary.NativeEndian.PutUint32(body[4:], 1<<30)
		if _, err := c.Get(unix.RTM_GETLINK, body); !errors.Is(err, unix.ENODEV) {
			t.Errorf("an interface that is not there: %v", err)
		}
		binary.NativeEndian.PutUint32(body[4:], 1)
		if data, err := c.Get(unix.RTM_GETLINK, body); err != nil || len(data) == 0 {
			t.Errorf("interface 1: %d bytes, %v", len(data), err)
		}
	}
}

// TestEnded: nothing is asked after the end.
func TestEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := links(t, ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("asked after the end: %v", err)
	}
}

// TestInterrupted: a list that changed while it was told is none, wherever the
// kernel says so.
func TestInterrupted(t *testing.T) {
	for _, tt := range []struct{ entry, done uint16 }{{unix.NLM_F_DUMP_INTR, 0}, {0, unix.NLM_F_DUMP_INTR}, {0, 0}} {
		c := &Conn{sequence: 7}
		data := append(packed(unix.RTM_NEWLINK, tt.entry, 7, nil), packed(unix.NLMSG_DONE, tt.done, 7, make([]byte, 4))...)
		done, interrupted, err := c.complete(data, unix.NLMSG_DONE)
		if !done || interrupted != (tt.entry|tt.done != 0) || err != nil {
			t.Errorf("%+v: done %t, interrupted %t, %v", tt, done, interrupted, err)
		}
	}
	c := &Conn{sequence: 8}
	if done, _, _ := c.complete(packed(unix.NLMSG_DONE, 0, 7, nil), unix.NLMSG_DONE); done {
		t.Error("the end of another answer was taken for that of this one")
	}
}

func packed(kind, flags uint16, sequence uint32, body []byte) []byte {
	out := make([]byte, header)
	binary.NativeEndian.PutUint32(out, uint32(header+len(body)))
	binary.NativeEndian.PutUint16(out[4:], kind)
	binary.NativeEndian.PutUint16(out[6:], flags)
	binary.NativeEndian.PutUint32(out[8:], sequence)
	return append(out, body...)
}

// FuzzMessages: no bytes make the parser fall over, and no attribute is longer
// than what it is in.
func FuzzMessages(f *testing.F) {
	body := AppendNumber(AppendAttribute(make([]byte, 4), 3, []byte("lo\x00")), unix.NLA_F_NESTED|5, 7)
	f.Add(packed(unix.RTM_NEWLINK, 0, 1, body))
	f.Fuzz(func(t *testing.T, data []byte) {
		_ = Messages(data, func(_ uint16, body []byte) error {
			return Attributes(body, 4, func(kind uint16, value []byte) error {
				if len(value) > len(data) || kind >= unix.NLA_F_NET_BYTEORDER {
					t.Errorf("attribute %d of %d bytes in %d", kind, len(value), len(data))
				}
				return nil
			})
		})
	})
}
