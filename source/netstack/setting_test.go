package netstack

import (
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestSettings: those of the namespace, as sysctl(8) shows them in it.
func TestSettings(t *testing.T) {
	h := newHost(t, `ip link add a.b type veth peer name c
sysctl -qw net.ipv4.ip_forward=1
echo 1 >/proc/sys/net/ipv4/conf/a.b/route_localnet
echo 1 >/proc/sys/net/ipv4/conf/c/rp_filter
echo 1 >/proc/sys/net/ipv6/conf/c/disable_ipv6`)
	plain := newHost(t, "sysctl -qw net.ipv4.ip_forward=0")
	stacks := read(t, h, plain)
	for name, want := range map[string][2]string{
		"net.ipv4.ip_forward":              {"1", "0"},
		"net.ipv4.conf.all.forwarding":     {"1", "0"},
		"net.ipv4.conf.default.forwarding": {"1", "0"},
		"net.ipv4.conf.a.b.route_localnet": {"1", ""},
		"net.ipv4.conf.c.route_localnet":   {"0", ""},
		"net.ipv4.conf.c.rp_filter":        {"1", ""},
		"net.ipv6.conf.c.disable_ipv6":     {"1", ""},
		"net.ipv6.conf.lo.disable_ipv6":    {"0", "0"},
		"net.ipv6.conf.all.forwarding":     {"0", "0"},
	} {
		if got := [2]string{stacks[0].Settings[name], stacks[1].Settings[name]}; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// TestConf: what the kernel tells with an interface is what its files hold.
func TestConf(t *testing.T) {
	h := newHost(t, `ip link add a.b type veth peer name c
ip link add tiny mtu 68 type veth peer name big
for f in ipv4/conf/c/accept_local ipv4/conf/c/forwarding ipv4/conf/c/route_localnet ipv6/conf/c/disable_ipv6 ipv6/conf/a.b/force_forwarding ipv6/conf/c/forwarding; do
  [ ! -e /proc/sys/net/$f ] || echo 1 >/proc/sys/net/$f
done
echo 2 >/proc/sys/net/ipv4/conf/c/rp_filter`)
	got := read(t, h)[0].Settings
	h.in(func() error {
		for _, c := range confs {
			for _, device := range []string{"lo", "a.b", "c", "tiny"} {
				name := c.dir + "." + device + "." + c.name
				want, err := os.ReadFile("/proc/sys/" + strings.ReplaceAll(c.dir, ".", "/") + "/" + device + "/" + c.name)
				if value, ok := got[name]; ok != (err == nil) || value != strings.TrimSpace(string(want)) {
					t.Errorf("%s is %q, want %q (%v)", name, value, want, err)
				}
			}
		}
		return nil
	})
}

// TestBridgeSettings: those of bridges are there once br_netfilter is loaded, and
// each namespace has its own.
func TestBridgeSettings(t *testing.T) {
	needs(t, "bridge")
	const name = "net.bridge.bridge-nf-call-iptables"
	stacks := read(t, newHost(t, "sysctl -qw "+name+"=0"), newHost(t, "sysctl -qw "+name+"=1"))
	if a, b := stacks[0].Settings[name], stacks[1].Settings[name]; a != "0" || b != "1" {
		t.Errorf("%q and %q", a, b)
	}
}

// TestWhoseSettings: /proc/sys/net shows the namespace of the thread that opens a
// file. One opened elsewhere stays there, and /proc/self/net is not this
// thread's.
func TestWhoseSettings(t *testing.T) {
	const file = "/proc/sys/net/ipv4/conf/lo/route_localnet"
	outer := newHost(t, "echo 0 >"+file)
	inner := newHost(t, "echo 1 >"+file)
	var held *os.File
	outer.in(func() (err error) { held, err = os.Open(file); return err })
	defer held.Close()
	inner.in(func() error {
		fresh, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if got := strings.TrimSpace(string(fresh)); got != "1" {
			t.Errorf("opened inside: %s", got)
		}
		var old [1]byte
		if _, err := held.Read(old[:]); err != nil || old[0] != '0' {
			t.Errorf("opened outside: %s, %v", old, err)
		}
		thread, err1 := inodeAt(threadLink)
		process, err2 := inodeAt("/proc/self/" + link)
		if thread != inner.Inode() || process == thread || err1 != nil || err2 != nil || unix.Gettid() == unix.Getpid() {
			t.Errorf("thread in %d, process in %d", thread, process)
		}
		return nil
	})
}
