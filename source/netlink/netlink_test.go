package netlink

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
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
		_, err := c.Get(unix.RTM_GETLINK, body)
		if refusal := (Refusal{}); !errors.Is(err, unix.ENODEV) || !errors.As(err, &refusal) {
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
	_, err := links(t, ctx)
	if refusal := (Refusal{}); !errors.Is(err, context.DeadlineExceeded) || errors.As(err, &refusal) {
		t.Errorf("asked after the end: %v", err)
	}
}

// TestComplete: where an answer ends, and what it says of itself.
func TestComplete(t *testing.T) {
	const interrupt = unix.NLM_F_DUMP_INTR
	code := func(errno int32) []byte { return binary.NativeEndian.AppendUint32(nil, uint32(-errno)) }
	entry := packed(unix.RTM_NEWLINK, 0, 7, code(1))
	tests := []struct {
		name              string
		data              []byte
		last              uint16
		done, interrupted bool
		err               error
	}{
		{"no end yet", entry, unix.NLMSG_DONE, false, false, nil},
		{"the end", slices.Concat(entry, packed(unix.NLMSG_DONE, 0, 7, code(0))), unix.NLMSG_DONE, true, false, nil},
		{"the end, and more", slices.Concat(packed(unix.NLMSG_DONE, 0, 7, code(0)), entry), unix.NLMSG_DONE, true, false, nil},
		{"an end without a code", packed(unix.NLMSG_DONE, 0, 7, nil), unix.NLMSG_DONE, true, false, nil},
		{"that of another answer", packed(unix.NLMSG_DONE, interrupt, 6, code(1)), unix.NLMSG_DONE, false, false, nil},
		{"changed at an entry", slices.Concat(packed(unix.RTM_NEWLINK, interrupt, 7, nil), packed(unix.NLMSG_DONE, 0, 7, code(0))), unix.NLMSG_DONE, true, true, nil},
		{"changed at the end", slices.Concat(entry, packed(unix.NLMSG_DONE, interrupt, 7, code(0))), unix.NLMSG_DONE, true, true, nil},
		{"acknowledged", packed(unix.NLMSG_ERROR, 0, 7, code(0)), unix.NLMSG_ERROR, true, false, nil},
		{"acknowledged, and a list to come", packed(unix.NLMSG_ERROR, 0, 7, code(0)), unix.NLMSG_DONE, false, false, nil},
		{"refused", packed(unix.NLMSG_ERROR, 0, 7, code(int32(unix.EPERM))), unix.NLMSG_DONE, false, false, unix.EPERM},
		{"a list that failed", packed(unix.NLMSG_DONE, 0, 7, code(int32(unix.ENOENT))), unix.NLMSG_DONE, true, false, unix.ENOENT},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := &Conn{sequence: 7}
			done, interrupted, err := c.complete(tt.data, tt.last)
			if done != tt.done || interrupted != tt.interrupted || !errors.Is(err, tt.err) {
				t.Errorf("done %t, interrupted %t, %v", done, interrupted, err)
			}
		})
	}
}

// TestAttributes: names and values, padding, and what is no attribute.
func TestAttributes(t *testing.T) {
	two := AppendNumber(AppendAttribute([]byte{9, 9, 9, 9}, unix.NLA_F_NESTED|3, []byte("lo\x00")), unix.NLA_F_NET_BYTEORDER|5, 7)
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"two", two, "3:6c6f00 5:07000000 <nil>"},
		{"the last without its padding", AppendAttribute(make([]byte, 4), 3, []byte{1})[:9], "3:01 <nil>"},
		{"an empty one", AppendAttribute(make([]byte, 4), 3, nil), "3: <nil>"},
		{"none", make([]byte, 4), "<nil>"},
		{"no message", make([]byte, 3), "netlink message: cut short: 3 of 4 bytes"},
		{"half a header", append(make([]byte, 4), 8, 0, 1), "netlink attribute: cut short: 3 bytes"},
		{"shorter than a header", []byte{0, 0, 0, 0, 3, 0, 1, 0}, "netlink attribute of 3 bytes in 4"},
		{"longer than the rest", []byte{0, 0, 0, 0, 5, 0, 1, 0}, "netlink attribute of 5 bytes in 4"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			err := Attributes(tt.data, 4, func(kind uint16, value []byte) error {
				got = append(got, fmt.Sprintf("%d:%x", kind, value))
				return nil
			})
			if got := strings.Join(append(got, fmt.Sprint(err)), " "); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
	stop := errors.New("stop")
	if err := Attributes(two, 4, func(uint16, []byte) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("error of the visit: %v", err)
	}
	for length := range 9 {
		if got := len(AppendAttribute(nil, 1, make([]byte, length))); got != 4+(length+3)/4*4 {
			t.Errorf("attribute of %d bytes takes %d", length, got)
		}
	}
}

// TestMessages: what is no message is an error, never the end.
func TestMessages(t *testing.T) {
	one := packed(1, 0, 1, []byte{1, 2, 3})
	for _, tt := range []struct {
		data []byte
		want string
	}{
		{append(append(one, 0), packed(2, 0, 1, nil)...), "1:010203 2: <nil>"},
		{one, "1:010203 <nil>"},
		{one[:15], "netlink message: cut short: 15 bytes"},
		{one[:18], "netlink message of 19 bytes in 18"},
		{append([]byte{15, 0, 0, 0}, make([]byte, 12)...), "netlink message of 15 bytes in 16"},
	} {
		var got []string
		err := Messages(tt.data, func(kind uint16, body []byte) error {
			got = append(got, fmt.Sprintf("%d:%x", kind, body))
			return nil
		})
		if got := strings.Join(append(got, fmt.Sprint(err)), " "); got != tt.want {
			t.Errorf("%s, want %s", got, tt.want)
		}
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
