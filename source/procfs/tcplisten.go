package procfs

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
)

// ListeningTCP is a listening socket of a line of /proc/PID/net/tcp or tcp6
// (Documentation/networking/proc_net_tcp.rst).
type ListeningTCP struct {
	Address netip.AddrPort
	Inode   uint64
}

// stateListen is TCP_LISTEN (include/net/tcp_states.h), as printed.
const stateListen = "0A"

// ParseListeningTCP reads the listening sockets of /proc/PID/net/tcp or tcp6;
// other sockets are passed over.
func ParseListeningTCP(data []byte) ([]ListeningTCP, error) {
	var out []ListeningTCP
	for number := 1; len(data) > 0; number++ {
		var line []byte
		line, data, _ = bytes.Cut(data, []byte{'\n'})
		if number == 1 || len(bytes.TrimSpace(line)) == 0 { // the headings
			continue
		}
		f := bytes.Fields(line)
		if len(f) < 10 {
			return nil, fmt.Errorf("sockets: line %d: %d fields, want 10", number, len(f))
		}
		if string(f[3]) != stateListen {
			continue
		}
		address, err := parseAddress(string(f[1]))
		if err != nil {
			return nil, fmt.Errorf("sockets: line %d: %w", number, err)
		}
		inode, err := strconv.ParseUint(string(f[9]), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("sockets: line %d: %w", number, err)
		}
		out = append(out, ListeningTCP{Address: address, Inode: inode})
	}
	return out, nil
}

// parseAddress reads "0100007F:0016": words of 32 bits, printed as numbers of
// this machine, and the port.
func parseAddress(s string) (netip.AddrPort, error) {
	digits, port, ok := bytes.Cut([]byte(s), []byte{':'})
	raw := make([]byte, hex.DecodedLen(len(digits)))
	if _, err := hex.Decode(raw, digits); err != nil || !ok || len(raw) != 4 && len(raw) != 16 {
		return netip.AddrPort{}, fmt.Errorf("address %q", s)
	}
	for i := 0; i < len(raw); i += 4 {
		binary.NativeEndian.PutUint32(raw[i:], binary.BigEndian.Uint32(raw[i:]))
	}
	n, err := strconv.ParseUint(string(port), 16, 16)
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("address %q: %w", s, err)
	}
	ip, _ := netip.AddrFromSlice(raw)
	return netip.AddrPortFrom(ip, uint16(n)), nil
}
