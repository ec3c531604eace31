package netstack

import (
	"context"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"seawall/snapshot"
	"seawall/source/netlink"
	"seawall/source/procfs"
)

// listen opens sockets in the namespace of a host and keeps them to its end.
func (h *host) listen(addresses ...string) {
	h.t.Helper()
	h.in(func() error {
		for _, a := range addresses {
			network, address, _ := strings.Cut(a, " ")
			c := net.ListenConfig{}
			address, device, _ := strings.Cut(address, " ")
			c.Control = func(_, _ string, raw syscall.RawConn) (err error) {
				_ = raw.Control(func(fd uintptr) {
					if device != "" {
						err = unix.BindToDevice(int(fd), device)
					}
				})
				return err
			}
			if err := h.keep(c, network, address); err != nil {
				return fmt.Errorf("%s: %w", a, err)
			}
		}
		return nil
	})
}

func (h *host) keep(c net.ListenConfig, network, address string) error {
	if strings.HasPrefix(network, "udp") {
		s, err := c.ListenPacket(context.Background(), network, address)
		if err == nil {
			h.t.Cleanup(func() { s.Close() })
		}
		return err
	}
	s, err := c.Listen(context.Background(), network, address)
	if err == nil {
		h.t.Cleanup(func() { s.Close() })
	}
	return err
}

// TestListeners: what listens, where, and for whom; nothing else.
func TestListeners(t *testing.T) {
	h := newHost(t, "ip link add v0 type veth peer name v1\nip addr add 10.0.0.1/24 dev v0\nip link set v0 up\nip link set v1 up")
	h.listen("tcp4 0.0.0.0:1", "tcp4 127.0.0.1:2", "tcp :3", "tcp6 [::]:4", "tcp6 [::1]:5", "tcp 10.0.0.1:6 v0", "tcp [::ffff:127.0.0.1]:7",
		"udp4 127.0.0.1:1", "udp :2", "udp6 [::]:3 v0")
	h.in(func() error { // connected: neither listens for others
		c, err := net.Dial("tcp", "127.0.0.1:2")
		if err != nil {
			return err
		}
		t.Cleanup(func() { c.Close() })
		u, err := net.Dial("udp", "127.0.0.1:1")
		if err == nil {
			t.Cleanup(func() { u.Close() })
		}
		return err
	})
	stack := read(t, h)[0]
	var got []string
	for _, l := range seen(t, stack.Listeners) {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %t %s", l.Protocol, l.Address, l.V6Only, l.Device)))
		if l.Inode == 0 {
			t.Errorf("%+v has no inode", l)
		}
	}
	want := []string{
		"tcp 0.0.0.0:1 false", "tcp 10.0.0.1:6 false v0", "tcp 127.0.0.1:2 false", "tcp 127.0.0.1:7 false", "tcp [::1]:5 true", "tcp [::]:3 false", "tcp [::]:4 true",
		"udp 127.0.0.1:1 false", "udp [::]:2 false", "udp [::]:3 true v0",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestAgainstProc: the same sockets and inodes as /proc/PID/net/tcp, and the
// inodes are those of this process's descriptors. Sockets of Go are of MPTCP where
// the kernel has it.
func TestAgainstProc(t *testing.T) {
	h := newHost(t, "")
	var addresses []string
	for port := range 300 {
		addresses = append(addresses, fmt.Sprintf("tcp4 127.0.0.1:%d", 2000+port), fmt.Sprintf("tcp6 [::]:%d", 2500+port))
	}
	h.listen(addresses...)
	var want []string
	for _, name := range []string{"tcp", "tcp6"} {
		data, err := os.ReadFile("/proc/" + h.pid + "/net/" + name)
		if err != nil {
			t.Fatal(err)
		}
		list, err := procfs.ParseTCP(data)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range list {
			want = append(want, fmt.Sprint(l.Address, " ", l.Inode))
		}
	}
	var got []string
	inodes := map[uint64]bool{}
	for _, l := range seen(t, read(t, h)[0].Listeners) {
		got = append(got, fmt.Sprint(l.Address, " ", l.Inode))
		inodes[l.Inode] = true
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" || len(got) != len(addresses) {
		t.Errorf("%d sockets, want %d: %s", len(got), len(addresses), diff)
	}
	dir, err := procfs.OpenDir("/proc", os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	if err := dir.Sockets(func(inode uint64) { delete(inodes, inode) }); err != nil || len(inodes) > 0 {
		t.Errorf("no descriptor has the inodes %v, %v", inodes, err)
	}
}

// recordSockets is the kernel's answer about the listeners of a host.
func recordSockets(h *host) (data []byte) {
	h.t.Helper()
	h.in(func() error {
		kernel, err := netlink.Dial(h.t.Context(), unix.NETLINK_INET_DIAG)
		if err != nil {
			return err
		}
		defer kernel.Close()
		request := make([]byte, diagRequest)
		request[0], request[1], request[4], request[5] = unix.AF_INET6, unix.IPPROTO_TCP, 0xff, 0xff
		data, err = kernel.List(unix.SOCK_DIAG_BY_FAMILY, request)
		return err
	})
	return data
}

// TestCutShort: what is not whole is an error, never a shorter list.
func TestCutShort(t *testing.T) {
	h := newHost(t, "")
	h.listen("tcp6 [::]:1", "tcp6 [::]:2")
	data := recordSockets(h)
	if got, err := appendListeners(nil, "tcp", data, nil); err != nil || len(got) != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	for _, n := range []int{1, 15, 17, 16 + diagAnswer - 1, len(data) - 1} {
		if got, err := appendListeners(nil, "tcp", data[:n], nil); err == nil {
			t.Errorf("%d of %d bytes were taken for %+v", n, len(data), got)
		}
	}
	strange := slices.Clone(data)
	strange[16] = unix.AF_VSOCK
	if _, err := appendListeners(nil, "tcp", strange, nil); err == nil {
		t.Error("another family was taken for one of ours")
	}
}

// FuzzListeners: no answer makes the parser fall over, and a listener has an
// address.
func FuzzListeners(f *testing.F) {
	h := newHost(f, "")
	h.listen("tcp6 [::]:1", "tcp6 [::1]:2")
	f.Add(recordSockets(h))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := appendListeners(nil, "tcp", data, map[int]string{1: "lo"})
		for _, l := range list {
			if _, _, splitErr := net.SplitHostPort(l.Address); err == nil && splitErr != nil {
				t.Errorf("%+v", l)
			}
		}
	})
}

// FuzzAnswers: no answer makes the other parsers fall over.
func FuzzAnswers(f *testing.F) {
	h := newHost(f, "ip link add br0 type bridge\nip link add v0 type veth peer name v1\nip link set v0 master br0\nip link add link v1 name m0 type macvlan")
	links, addresses := recordLinks(h)
	f.Add(links, addresses)
	f.Fuzz(func(t *testing.T, links, addresses []byte) {
		if list, err := parseDevices(links, addresses); err == nil {
			for _, d := range list {
				if d.Kind == "" && d.Mode != "" {
					t.Errorf("%+v", d)
				}
			}
		}
		var r snapshot.NetRoute
		if _, err := parseRoute(links, &r); err == nil && r.Kind == "" {
			t.Errorf("%+v", r)
		}
		_, _ = parseQdisc(links)
	})
}
