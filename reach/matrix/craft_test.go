package matrix_test

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"seawall/source/netstack"
	"seawall/source/procfs"
)

func itoa(n uint16) string { return strconv.Itoa(int(n)) }

var errNoAnswer = errors.New("no SYN and ACK came")

// craft begins a connection to a loopback address of the host from a container,
// by a frame that is made by hand, and waits for the answer.
func (h closing) craft(container string, to netip.AddrPort) error {
	h.t.Helper()
	pid, err := strconv.Atoi(h.pid(container))
	h.must(err)
	dir, err := procfs.OpenDir(h.Root()+"/proc", pid)
	h.must(err)
	defer dir.Close()
	n, err := netstack.Open(dir)
	h.must(err)
	defer n.Close()
	address := netip.MustParseAddr(h.Docker("inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", container))
	gateway := netip.MustParseAddr(h.Docker("inspect", "-f", "{{range .NetworkSettings.Networks}}{{.Gateway}}{{end}}", container))
	// The host must know the sender's hardware address, and the sender the host's.
	h.Exec("nsenter", "-t", strconv.Itoa(pid), "-n", "bash", "-c", "exec 3<>/dev/tcp/"+gateway.String()+"/9 || true")
	hardware, err := net.ParseMAC(strings.TrimSpace(h.Exec("cat", "/sys/class/net/docker0/address")))
	h.must(err)
	return n.Enter(h.t.Context(), func() error { return syn(hardware, address, to) })
}

// syn sends one by eth0, and waits for the answer to it.
func syn(hardware net.HardwareAddr, from netip.Addr, to netip.AddrPort) error {
	eth0, err := net.InterfaceByName("eth0")
	if err != nil {
		return err
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, int(bigEndian(unix.ETH_P_IP)))
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	link := unix.SockaddrLinklayer{Protocol: bigEndian(unix.ETH_P_IP), Ifindex: eth0.Index, Halen: 6}
	copy(link.Addr[:], hardware)
	source := uint16(40000 + time.Now().UnixNano()%20000)
	if err := unix.Sendto(fd, segment(from, to, source), 0, &link); err != nil {
		return err
	}
	patience := unix.NsecToTimeval(int64(100 * time.Millisecond))
	if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &patience); err != nil {
		return err
	}
	packet := make([]byte, 2048)
	for end := time.Now().Add(2 * time.Second); time.Now().Before(end); {
		size, _, err := unix.Recvfrom(fd, packet, 0)
		if err != nil || size < 40 || packet[9] != unix.IPPROTO_TCP {
			continue
		}
		if binary.BigEndian.Uint16(packet[20:]) == to.Port() && binary.BigEndian.Uint16(packet[22:]) == source && packet[33]&0x12 == 0x12 {
			return nil
		}
	}
	return errNoAnswer
}

func bigEndian(v uint16) uint16 { return v<<8 | v>>8 }

// segment is a packet with SYN.
func segment(from netip.Addr, to netip.AddrPort, source uint16) []byte {
	addresses := append(from.AsSlice(), to.Addr().AsSlice()...)
	tcp := binary.BigEndian.AppendUint16(nil, source)
	tcp = binary.BigEndian.AppendUint16(tcp, to.Port())
	tcp = append(tcp, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x02, 0x72, 0x10, 0, 0, 0, 0)
	binary.BigEndian.PutUint16(tcp[16:], checksum(append(append(addresses, 0, unix.IPPROTO_TCP, 0, 20), tcp...)))
	ip := append([]byte{0x45, 0, 0, 40, 0, 1, 0, 0, 64, unix.IPPROTO_TCP, 0, 0}, addresses[:8]...)
	binary.BigEndian.PutUint16(ip[10:], checksum(ip))
	return append(ip, tcp...)
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
