package procfs

import (
	"bytes"
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"

	"seawall/lang"
)

// UnixListener is a listening unix socket of /proc/PID/net/unix
// (net/unix/af_unix.c).
type UnixListener struct {
	Inode uint64 // of the socket, as /proc/PID/fd shows it; not of its file
	// Path is where it was bound, as the process that bound it named it; with
	// "@" in front if it is an abstract name. A path may since have been
	// renamed, removed, or bound by another socket.
	Path string
}

// acceptsConnections is the flag of a listening socket (__SO_ACCEPTCON,
// include/linux/net.h).
const acceptsConnections = 0x10000

// ParseUnix returns the listening sockets of /proc/PID/net/unix that have a
// name. Lines that are none, such as the rest of a name with a line feed in
// it, are passed over.
func ParseUnix(data []byte) []UnixListener {
	var out []UnixListener
	for line := range bytes.Lines(data) {
		// Num RefCount Protocol Flags Type St Inode Path
		f := bytes.SplitN(bytes.TrimSuffix(line, []byte("\n")), []byte(" "), 2)
		if len(f) != 2 || !bytes.HasSuffix(f[0], []byte(":")) {
			continue
		}
		rest := f[1]
		var col [6][]byte
		for i := range col {
			rest = bytes.TrimLeft(rest, " ")
			col[i], rest, _ = bytes.Cut(rest, []byte(" "))
		}
		flags, err := strconv.ParseUint(string(col[2]), 16, 32)
		if err != nil || flags&acceptsConnections == 0 || len(rest) == 0 {
			continue
		}
		inode, err := strconv.ParseUint(string(col[5]), 10, 64)
		if err != nil {
			continue
		}
		out = append(out, UnixListener{Inode: inode, Path: string(rest)})
	}
	return out
}

// TCPListener is a listening TCP socket.
type TCPListener struct {
	Inode   uint64
	Address netip.AddrPort
}

// ParseTCP returns the listening sockets of /proc/PID/net/tcp or tcp6
// (net/ipv4/tcp_ipv4.c).
func ParseTCP(data []byte) ([]TCPListener, error) {
	var out []TCPListener
	for line := range bytes.Lines(data) {
		f := strings.Fields(string(line))
		if len(f) < 10 || f[3] != "0A" { // TCP_LISTEN
			continue
		}
		address, err := parseAddress(f[1])
		if err != nil {
			return nil, lang.RecordErrorf("TCP socket: %w", err)
		}
		inode, err := strconv.ParseUint(f[9], 10, 64)
		if err != nil {
			return nil, lang.RecordErrorf("TCP socket %s: inode %q", address, f[9])
		}
		out = append(out, TCPListener{Inode: inode, Address: address})
	}
	return out, nil
}

// parseAddress reads "0100007F:0947": the address in words of four bytes, each
// in the order of the machine, here taken as little-endian.
func parseAddress(s string) (netip.AddrPort, error) {
	host, port, _ := strings.Cut(s, ":")
	raw, err := hex.DecodeString(host)
	if err != nil || len(raw) != 4 && len(raw) != 16 {
		return netip.AddrPort{}, lang.RecordErrorf("address %q", s)
	}
	for w := raw; len(w) > 0; w = w[4:] {
		w[0], w[1], w[2], w[3] = w[3], w[2], w[1], w[0]
	}
	n, err := strconv.ParseUint(port, 16, 16)
	if err != nil {
		return netip.AddrPort{}, lang.RecordErrorf("port of %q", s)
	}
	addr, _ := netip.AddrFromSlice(raw)
	return netip.AddrPortFrom(addr, uint16(n)), nil
}
