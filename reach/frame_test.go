package reach_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"seawall/reach"
)

// role is the variable that makes the test binary send frames instead of running
// tests. It holds what is sent: see frameSender.
const role = "SEAWALL_TEST_REACH"

func TestMain(m *testing.M) {
	text := os.Getenv(role)
	if text == "" {
		os.Exit(m.Run())
	}
	f, err := parseFrameSender(text)
	if err == nil {
		var answer string
		answer, err = f.get()
		fmt.Println(answer)
	}
	if err != nil {
		fmt.Println(err)
	}
}

// frameSender asks the Engine API of a host for /_ping, on loopback (127.0.0.1),
// as no socket can: by frames of its own out of eth0.
type frameSender struct {
	host netip.Addr       // an address of the host on that link
	link net.HardwareAddr // of the host
	port uint16
}

func (f frameSender) String() string {
	return fmt.Sprintf("%s %s %d", f.host, f.link, f.port)
}

func parseFrameSender(text string) (f frameSender, err error) {
	words := strings.Fields(text)
	if len(words) != 3 {
		return f, errors.New("want: HOST LINK PORT")
	}
	port, err := strconv.ParseUint(words[2], 10, 16)
	if err == nil {
		f.link, err = net.ParseMAC(words[1])
	}
	if err == nil {
		f.host, err = netip.ParseAddr(words[0])
	}
	f.port = uint16(port)
	return f, err
}

// localhost is what the frames go to.
var localhost = netip.AddrFrom4([4]byte{127, 0, 0, 1})

// Flags of TCP.
const (
	synFlag = 1 << 1
	rstFlag = 1 << 2
	pshFlag = 1 << 3
	ackFlag = 1 << 4
)

// get opens a connection, asks and returns the beginning of the answer; "" for
// none.
func (f frameSender) get() (string, error) {
	c, err := f.open()
	if err != nil {
		return "", err
	}
	defer unix.Close(c.fd)
	for range 3 {
		if err := c.send(synFlag, c.number, 0, ""); err != nil {
			return "", err
		}
		opened, err := c.receive(func(s tcp) bool { return s.flags&(synFlag|ackFlag) == synFlag|ackFlag })
		if err != nil {
			return "", err
		}
		if opened.flags != 0 {
			return c.ask(opened.number + 1)
		}
	}
	return "", nil
}

// ask asks on a connection that is open. The number is that of the other side's
// next byte.
func (c *framed) ask(number uint32) (string, error) {
	const request = "GET /_ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
	if err := c.send(ackFlag|pshFlag, c.number+1, number, request); err != nil {
		return "", err
	}
	answer, err := c.receive(func(s tcp) bool { return s.data != "" })
	if err != nil {
		return "", err
	}
	return answer.data, c.send(rstFlag|ackFlag, c.number+1+uint32(len(request)), number, "")
}

// framed is a connection by frames.
type framed struct {
	fd       int
	to       *unix.SockaddrLinklayer
	source   netip.Addr
	from, at uint16 // ports
	number   uint32 // of its first byte
}

func (f frameSender) open() (*framed, error) {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, int(htons(unix.ETH_P_IP)))
	if err != nil {
		return nil, fmt.Errorf("packet socket: %w", err)
	}
	c := &framed{fd: fd, from: uint16(40000 + time.Now().UnixMicro()%20000), at: f.port, number: 1000}
	device, err := net.InterfaceByName("eth0")
	if err == nil {
		c.to = &unix.SockaddrLinklayer{Protocol: htons(unix.ETH_P_IP), Ifindex: device.Index, Halen: 6}
		copy(c.to.Addr[:], f.link)
		c.source, err = firstAddress(device)
	}
	if err != nil {
		unix.Close(fd)
		return nil, err
	}
	// The host asks nobody for the link address of one who sends to loopback, as
	// its question would come from there. It learns it from a first, harmless
	// connection.
	if socket := dial(reach.Connection{To: reach.To{Protocol: "tcp", Address: netip.AddrPortFrom(f.host, 9)}}); socket >= 0 {
		time.Sleep(100 * time.Millisecond)
		unix.Close(socket)
	}
	return c, nil
}

// firstAddress is the first of an interface, which must be of IPv4.
func firstAddress(device *net.Interface) (netip.Addr, error) {
	list, err := device.Addrs()
	if err != nil || len(list) == 0 {
		return netip.Addr{}, errors.Join(err, errors.New("no address of "+device.Name))
	}
	prefix, err := netip.ParsePrefix(list[0].String())
	return prefix.Addr(), err
}

// send sends a packet with a segment of TCP.
func (c *framed) send(flags byte, number, acknowledged uint32, data string) error {
	segment := binary.BigEndian.AppendUint16(nil, c.from)
	segment = binary.BigEndian.AppendUint16(segment, c.at)
	segment = binary.BigEndian.AppendUint32(segment, number)
	segment = binary.BigEndian.AppendUint32(segment, acknowledged)
	segment = append(segment, 5<<4, flags, 0xff, 0xff, 0, 0, 0, 0)
	segment = append(segment, data...)
	addresses := append(c.source.AsSlice(), localhost.AsSlice()...)
	pseudo := append(slices.Clone(addresses), 0, unix.IPPROTO_TCP)
	pseudo = binary.BigEndian.AppendUint16(pseudo, uint16(len(segment)))
	binary.BigEndian.PutUint16(segment[16:], checksum(append(pseudo, segment...)))

	packet := []byte{0x45, 0}
	packet = binary.BigEndian.AppendUint16(packet, uint16(20+len(segment)))
	packet = append(packet, 0, 1, 0, 0, 64, unix.IPPROTO_TCP, 0, 0)
	packet = append(packet, addresses...)
	binary.BigEndian.PutUint16(packet[10:], checksum(packet))
	return unix.Sendto(c.fd, append(packet, segment...), 0, c.to)
}

// tcp is a segment that was received.
type tcp struct {
	flags  byte
	number uint32
	data   string
}

// receive waits a little for a segment of the connection; the zero segment where
// none comes.
func (c *framed) receive(is func(tcp) bool) (tcp, error) {
	packet := make([]byte, 64<<10)
	for end := time.Now().Add(400 * time.Millisecond); time.Now().Before(end); {
		timeout := unix.NsecToTimeval(50 * time.Millisecond.Nanoseconds())
		if err := unix.SetsockoptTimeval(c.fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &timeout); err != nil {
			return tcp{}, err
		}
		n, _, err := unix.Recvfrom(c.fd, packet, 0)
		switch {
		case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return tcp{}, err
		}
		if s, ok := c.parse(packet[:n]); ok && is(s) {
			return s, nil
		}
	}
	return tcp{}, nil
}

// parse reads a packet of the connection.
func (c *framed) parse(p []byte) (s tcp, ok bool) {
	if len(p) < 40 || p[0] != 0x45 || p[9] != unix.IPPROTO_TCP || [4]byte(p[12:]) != localhost.As4() {
		return s, false
	}
	segment, end := p[20:], int(binary.BigEndian.Uint16(p[2:]))
	data := 20 + int(segment[12]>>4)*4
	if binary.BigEndian.Uint16(segment) != c.at || binary.BigEndian.Uint16(segment[2:]) != c.from || end > len(p) || data > end {
		return s, false
	}
	return tcp{segment[13], binary.BigEndian.Uint32(segment[4:]), string(p[data:end])}, true
}

func htons(v uint16) uint16 { return v<<8 | v>>8 }

func checksum(data []byte) uint16 {
	var sum uint32
	for len(data) > 1 {
		sum += uint32(binary.BigEndian.Uint16(data))
		data = data[2:]
	}
	if len(data) > 0 {
		sum += uint32(data[0]) << 8
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}
