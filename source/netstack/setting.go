package netstack

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"seawall/source/netlink"
)

// settingNames are the kernel's settings for a whole namespace that decide where
// packets go (Documentation/networking/ip-sysctl.rst).
var settingNames = []string{
	"net.bridge.bridge-nf-call-ip6tables",
	"net.bridge.bridge-nf-call-iptables",
	"net.bridge.bridge-nf-filter-vlan-tagged",
	"net.bridge.bridge-nf-pass-vlan-input-dev",
	"net.ipv4.ip_forward",
}

// confs are those for each interface, for all, and for new ones. Those of an
// interface the kernel tells with it, in an array of its family's
// (include/uapi/linux/ip.h, IPV4_DEVCONF_* less one; ipv6.h, DEVCONF_*): where
// there are hundreds of namespaces, each file of /proc/sys/net takes long to find.
var confs = [...]struct {
	dir, name string
	place     confPlace
}{
	{"net.ipv4.conf", "accept_local", confPlace{inet4, 22}},
	{"net.ipv4.conf", "forwarding", confPlace{inet4, 0}},
	{"net.ipv4.conf", "route_localnet", confPlace{inet4, 25}},
	{"net.ipv4.conf", "rp_filter", confPlace{inet4, 7}},
	{"net.ipv6.conf", "disable_ipv6", confPlace{inet6, 26}},
	{"net.ipv6.conf", "force_forwarding", confPlace{inet6, 59}}, // Linux 6.17
	{"net.ipv6.conf", "forwarding", confPlace{inet6, 0}},
}

// confPlace is where a setting of an interface is.
type confPlace struct {
	array confArray
	at    int
}

// confArray is an attribute of IFLA_AF_SPEC: a family, and in it its array.
type confArray struct{ family, array uint16 }

var (
	inet4 = confArray{unix.AF_INET, unix.IFLA_INET_CONF}
	inet6 = confArray{unix.AF_INET6, unix.IFLA_INET6_CONF}
)

// readConf reads the settings of an interface from IFLA_AF_SPEC.
func (d *device) readConf(families []byte) error {
	d.conf = map[confPlace]string{}
	return netlink.Attributes(families, 0, func(family uint16, arrays []byte) error {
		return netlink.Attributes(arrays, 0, func(kind uint16, values []byte) error {
			for _, c := range confs {
				if from := 4 * c.place.at; c.place.array == (confArray{family, kind}) && from+4 <= len(values) {
					d.conf[c.place] = strconv.Itoa(int(int32(binary.NativeEndian.Uint32(values[from:]))))
				}
			}
			return nil
		})
	})
}

// conf6 is the name of a setting of IPv6 of an interface, and its value; "" where
// there is none.
func (d *device) conf6(name string) (full, value string) {
	for _, c := range confs {
		if c.place.array == inet6 && c.name == name {
			return c.dir + "." + d.Name + "." + name, d.conf[c.place]
		}
	}
	return "", ""
}

// readSettings reads the settings of this thread's namespace: whose /proc/sys/net
// shows is decided by the thread that opens a file, not by the mount of proc.
func readSettings(devices []device) (map[string]string, error) {
	out := map[string]string{}
	names := slices.Clone(settingNames)
	for _, c := range confs {
		names = append(names, c.dir+".all."+c.name, c.dir+".default."+c.name)
		for _, d := range devices {
			if value, ok := d.conf[c.place]; ok {
				out[c.dir+"."+d.Name+"."+c.name] = value
			}
		}
	}
	for _, name := range names {
		value, err := setting(name)
		switch {
		case errors.Is(err, fs.ErrNotExist): // not of this kernel
		case err != nil:
			return nil, err
		default:
			out[name] = value
		}
	}
	return out, nil
}

// setting reads a setting that is not of one interface, in half the system calls
// of os.ReadFile.
func setting(name string) (string, error) {
	path := "/proc/sys/" + strings.ReplaceAll(name, ".", "/")
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return "", &fs.PathError{Op: "open", Path: path, Err: err}
	}
	defer unix.Close(fd)
	var value [64]byte
	n, err := unix.Read(fd, value[:])
	if err != nil {
		return "", &fs.PathError{Op: "read", Path: path, Err: err}
	}
	return strings.TrimSpace(string(value[:n])), nil
}
