package netstack

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// settingNames are the kernel's settings for a whole namespace that decide where
// packets go (Documentation/networking/ip-sysctl.rst).
var settingNames = [...]string{
	"net.bridge.bridge-nf-call-ip6tables",
	"net.bridge.bridge-nf-call-iptables",
	"net.bridge.bridge-nf-filter-vlan-tagged",
	"net.bridge.bridge-nf-pass-vlan-input-dev",
	"net.ipv4.ip_forward",
}

// confNames are those for each interface, for all, and for new ones.
var confNames = [...][2]string{
	{"net.ipv4.conf", "accept_local"},
	{"net.ipv4.conf", "forwarding"},
	{"net.ipv4.conf", "route_localnet"},
	{"net.ipv4.conf", "rp_filter"},
	{"net.ipv6.conf", "disable_ipv6"},
	{"net.ipv6.conf", "force_forwarding"}, // Linux 6.17
	{"net.ipv6.conf", "forwarding"},
}

// readSettings reads the settings of this thread's namespace: whose /proc/sys/net
// shows is decided by the thread that opens a file, not by the mount of proc.
func readSettings(devices []device) (map[string]string, error) {
	out := map[string]string{}
	read := func(name, path string) error {
		value, err := setting(filepath.Join("/proc/sys", path))
		if errors.Is(err, fs.ErrNotExist) {
			return nil // not of this kernel, or of an interface that is gone
		}
		if err == nil {
			out[name] = value
		}
		return err
	}
	for _, name := range settingNames {
		if err := read(name, strings.ReplaceAll(name, ".", "/")); err != nil {
			return nil, err
		}
	}
	interfaces := []string{"all", "default"}
	for _, d := range devices {
		interfaces = append(interfaces, d.Name)
	}
	for _, conf := range confNames {
		dir := strings.ReplaceAll(conf[0], ".", "/")
		for _, of := range interfaces { // a name may hold dots, and no slash
			if err := read(conf[0]+"."+of+"."+conf[1], filepath.Join(dir, of, conf[1])); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// setting reads a file of /proc/sys, in half the system calls of os.ReadFile.
func setting(path string) (string, error) {
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
