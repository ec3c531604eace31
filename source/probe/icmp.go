package probe

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"golang.org/x/sys/unix"
)

// icmp tells which ICMP error a socket got: "ICMP type 3 code 13 from 10.0.0.1";
// "" for none. Linux keeps those of connections that are being opened since 5.8.
func icmp(fd int) string {
	buf := make([]byte, 512)
	_, n, _, _, err := unix.Recvmsg(fd, nil, buf, unix.MSG_ERRQUEUE|unix.MSG_DONTWAIT)
	if err != nil {
		return ""
	}
	list, err := unix.ParseSocketControlMessage(buf[:n])
	if err != nil {
		return ""
	}
	for _, m := range list {
		if text := icmpError(m.Data); text != "" {
			return text
		}
	}
	return ""
}

// icmpError reads a struct sock_extended_err and the sockaddr after it, of who
// sent the error (include/uapi/linux/errqueue.h).
func icmpError(data []byte) string {
	const size = 16 // of the struct
	if len(data) < size+8 {
		return ""
	}
	sender := data[size:]
	var from netip.Addr
	switch family := binary.NativeEndian.Uint16(sender); {
	case data[4] == unix.SO_EE_ORIGIN_ICMP && family == unix.AF_INET:
		from, _ = netip.AddrFromSlice(sender[4:8])
	case data[4] == unix.SO_EE_ORIGIN_ICMP6 && family == unix.AF_INET6 && len(sender) >= 24:
		from, _ = netip.AddrFromSlice(sender[8:24])
	default:
		return ""
	}
	return fmt.Sprintf("ICMP type %d code %d from %s", data[5], data[6], from)
}
