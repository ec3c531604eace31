package netstack

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// port is what the datagrams of tests go to.
const port = 9

// sendFrame sends a datagram from any source to any destination out of an
// interface of this thread's namespace, as no socket would.
func sendFrame(device string, to net.HardwareAddr, source, destination netip.Addr) error {
	out, err := net.InterfaceByName(device)
	if err != nil {
		return err
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	link := unix.SockaddrLinklayer{Protocol: htons(unix.ETH_P_IPV6), Ifindex: out.Index, Halen: 6}
	copy(link.Addr[:], to)
	packet := packet6(source, destination)
	if destination.Is4() {
		link.Protocol, packet = htons(unix.ETH_P_IP), packet4(source, destination)
	}
	return unix.Sendto(fd, packet, 0, &link)
}

func htons(v uint16) uint16 { return v<<8 | v>>8 }

// datagram is the header of UDP, and no content.
func datagram() []byte {
	out := binary.BigEndian.AppendUint16(nil, 4000)
	out = binary.BigEndian.AppendUint16(out, port)
	return append(out, 0, 8, 0, 0)
}

func packet4(source, destination netip.Addr) []byte {
	header := []byte{0x45, 0, 0, 28, 0, 1, 0, 0, 64, unix.IPPROTO_UDP, 0, 0}
	header = append(append(header, source.AsSlice()...), destination.AsSlice()...)
	binary.BigEndian.PutUint16(header[10:], checksum(header))
	return append(header, datagram()...)
}

func packet6(source, destination netip.Addr) []byte {
	addresses := append(source.AsSlice(), destination.AsSlice()...)
	udp := datagram()
	binary.BigEndian.PutUint16(udp[6:], checksum(append(append(addresses, 0, 8, 0, unix.IPPROTO_UDP), udp...)))
	header := append([]byte{0x60, 0, 0, 0, 0, 8, unix.IPPROTO_UDP, 64}, addresses...)
	return append(header, udp...)
}

func checksum(data []byte) uint16 {
	var sum uint32
	for i := 0; i+1 < len(data); i += 2 {
		sum += uint32(binary.BigEndian.Uint16(data[i:]))
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}

// receiver takes datagrams in the namespace of a host.
func (h *host) receiver() net.PacketConn {
	h.t.Helper()
	var conn net.PacketConn
	h.in(func() (err error) {
		conn, err = net.ListenPacket("udp", "[::]:9")
		return err
	})
	h.t.Cleanup(func() { conn.Close() })
	return conn
}

// arrives reports whether a datagram comes within a time.
func arrives(conn net.PacketConn, within time.Duration) (bool, error) {
	if err := conn.SetReadDeadline(time.Now().Add(within)); err != nil {
		return false, err
	}
	_, _, err := conn.ReadFrom(make([]byte, 16))
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return false, nil
	}
	return err == nil, err
}
