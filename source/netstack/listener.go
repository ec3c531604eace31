package netstack

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"net/netip"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
	"seawall/source/netlink"
)

// The messages of inet_diag (include/uapi/linux/inet_diag.h, sock_diag(7)).
const (
	diagRequest = 8 + 48       // struct inet_diag_req_v2
	diagAnswer  = 4 + 48 + 5*4 // struct inet_diag_msg
	diagV6Only  = 11           // INET_DIAG_SKV6ONLY
	listening   = unix.BPF_TCP_LISTEN
	closed      = unix.BPF_TCP_CLOSE
)

// sockets are what is asked for. Those of UDP that are bound and not connected
// are in the state "closed".
var sockets = [...]struct {
	protocol string
	number   byte
	state    int
}{{"tcp", unix.IPPROTO_TCP, listening}, {"udp", unix.IPPROTO_UDP, closed}}

// readListeners lists the sockets that take connections, or datagrams. The kernel
// looks only through those that listen, however many connections there are.
func readListeners(ctx context.Context, nameOf map[int]string) snapshot.Fact[[]snapshot.NetListener] {
	o := snapshot.At("listeners", "sock_diag")
	out, err := dumpListeners(ctx, nameOf)
	if err == nil {
		return snapshot.See(out, o)
	}
	g := source.GapFrom(err)
	if errors.Is(err, unix.ENOENT) || errors.Is(err, unix.EPROTONOSUPPORT) {
		g.Reason, g.Remedy = snapshot.ReasonUnsupported, "modprobe -a tcp_diag udp_diag"
	}
	return snapshot.Lost[[]snapshot.NetListener](g, o)
}

func dumpListeners(ctx context.Context, nameOf map[int]string) ([]snapshot.NetListener, error) {
	kernel, err := netlink.Dial(ctx, unix.NETLINK_INET_DIAG)
	if err != nil {
		return nil, err
	}
	defer kernel.Close()
	out := []snapshot.NetListener{}
	for _, kind := range sockets {
		for _, family := range []byte{unix.AF_INET, unix.AF_INET6} {
			request := make([]byte, diagRequest)
			request[0], request[1] = family, kind.number
			binary.NativeEndian.PutUint32(request[4:], 1<<kind.state)
			data, err := kernel.List(unix.SOCK_DIAG_BY_FAMILY, request)
			if err == nil {
				out, err = appendListeners(out, kind.protocol, data, nameOf)
			}
			if err != nil {
				return nil, lang.RecordErrorf("sockets of %s: %w", kind.protocol, err)
			}
		}
	}
	slices.SortFunc(out, func(a, b snapshot.NetListener) int {
		return cmp.Or(cmp.Compare(a.Protocol, b.Protocol), cmp.Compare(a.Address, b.Address), cmp.Compare(a.Inode, b.Inode))
	})
	return out, nil
}

// appendListeners reads an answer of inet_diag.
func appendListeners(out []snapshot.NetListener, protocol string, data []byte, nameOf map[int]string) ([]snapshot.NetListener, error) {
	err := netlink.Messages(data, func(kind uint16, body []byte) error {
		if kind != unix.SOCK_DIAG_BY_FAMILY {
			return nil
		}
		l, device, err := parseSocket(body)
		if err != nil {
			return err
		}
		l.Protocol = protocol
		if device != 0 {
			l.Device = nameOf[device]
			if l.Device == "" { // removed, or new
				l.Device = "#" + strconv.Itoa(device)
			}
		}
		out = append(out, l)
		return nil
	})
	return out, err
}

// parseSocket reads one socket: struct inet_diag_msg and attributes.
func parseSocket(body []byte) (l snapshot.NetListener, device int, err error) {
	err = netlink.Attributes(body, diagAnswer, func(kind uint16, value []byte) error {
		if kind == diagV6Only {
			l.V6Only = isSet(value)
		}
		return nil
	})
	if err != nil {
		return l, 0, err
	}
	address := body[8:24]
	switch body[0] {
	case unix.AF_INET:
		address = address[:4]
	case unix.AF_INET6:
	default:
		return l, 0, lang.RecordErrorf("socket of address family %d", body[0])
	}
	ip, _ := netip.AddrFromSlice(address)
	l.Address = netip.AddrPortFrom(ip.Unmap(), binary.BigEndian.Uint16(body[4:])).String()
	l.Inode = uint64(binary.NativeEndian.Uint32(body[68:]))
	return l, int(binary.NativeEndian.Uint32(body[40:])), nil
}
