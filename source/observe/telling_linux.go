//go:build amd64 || arm64

package observe

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// isSockaddr marks an argument that is a socket's address and no path.
const isSockaddr = 16

// tellingArgument is 1 + the number of the argument that says what a system call is
// about, a path unless it is marked.
var tellingArgument = map[string]uint8{
	"open": 1, "creat": 1, "unlink": 1, "mkdir": 1, "rmdir": 1, "mknod": 1, "chmod": 1, "chown": 1, "lchown": 1,
	"rename": 1, "link": 1, "symlink": 2, "truncate": 1, "utime": 1, "utimes": 1, "stat": 1, "lstat": 1, "access": 1,
	"execve": 1, "chdir": 1, "chroot": 1, "pivot_root": 1, "acct": 1, "swapon": 1, "statfs": 1, "readlink": 1,
	"setxattr": 1, "lsetxattr": 1, "removexattr": 1, "getxattr": 1, "umount2": 1, "mount": 2,
	"openat": 2, "openat2": 2, "unlinkat": 2, "mkdirat": 2, "mknodat": 2, "fchmodat": 2, "fchmodat2": 2, "fchownat": 2,
	"renameat": 2, "renameat2": 2, "linkat": 2, "symlinkat": 3, "utimensat": 2, "futimesat": 2, "newfstatat": 2,
	"statx": 2, "faccessat": 2, "faccessat2": 2, "execveat": 2, "readlinkat": 2, "name_to_handle_at": 2,
	"sethostname": 1, "setdomainname": 1, "init_module": 3, "delete_module": 1,
	"bind": 2 | isSockaddr, "connect": 2 | isSockaddr,
}

// about says what a call was about: its path or address, or its numbers where those say
// something. Empty if nothing is known.
func about(name string, args [3]uint64, text string) string {
	which := tellingArgument[name]
	switch {
	case which&isSockaddr != 0:
		return sockaddr(text)
	case which != 0:
		path, _, _ := strings.Cut(text, "\x00")
		return strings.ToValidUTF8(path, "\uFFFD")
	}
	number := func(i int) string { return fmt.Sprint(int32(args[i])) }
	switch name {
	case "setuid", "setgid", "setfsuid", "setfsgid", "prctl", "capget", "fchmod":
		return number(0)
	case "setreuid", "setregid":
		return number(0) + ", " + number(1)
	case "setresuid", "setresgid":
		return number(0) + ", " + number(1) + ", " + number(2)
	case "setgroups":
		return number(0) + " groups"
	case "fchown":
		return number(1) + ":" + number(2)
	case "kill", "tkill":
		return "signal " + number(1)
	case "ioctl":
		return fmt.Sprintf("request %#x", uint32(args[1]))
	case "socket":
		return nameOf(families, args[0], "family") + ", " + nameOf(types, args[1]&0xf, "type")
	case "setsockopt":
		return fmt.Sprintf("level %d, option %d", int32(args[1]), int32(args[2]))
	}
	return ""
}

// sockaddr is the port in the beginning of a struct sockaddr.
func sockaddr(text string) string {
	if len(text) < 4 {
		return ""
	}
	raw := []byte(text[:4])
	if family := binary.LittleEndian.Uint16(raw); family != 2 && family != 10 { // AF_INET, AF_INET6
		return nameOf(families, uint64(family), "family")
	}
	return fmt.Sprintf("port %d", binary.BigEndian.Uint16(raw[2:]))
}

// Families and types of sockets that have to do with capabilities.
var (
	families = map[uint64]string{1: "AF_UNIX", 2: "AF_INET", 10: "AF_INET6", 16: "AF_NETLINK", 17: "AF_PACKET"}
	types    = map[uint64]string{1: "SOCK_STREAM", 2: "SOCK_DGRAM", 3: "SOCK_RAW", 5: "SOCK_SEQPACKET"}
)

func nameOf(names map[uint64]string, n uint64, what string) string {
	if name := names[n]; name != "" {
		return name
	}
	return fmt.Sprintf("%s %d", what, n)
}
