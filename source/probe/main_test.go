package probe

import (
	"fmt"
	"net"
	"net/netip"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"seawall/lab"
	"seawall/source/netstack"
	"seawall/source/procfs"
)

// space is a network namespace and a process in it.
type space struct {
	*netstack.Namespace
	t   testing.TB
	pid string
	end func()
}

// newSpace makes a network namespace.
func newSpace(t testing.TB) *space {
	t.Helper()
	pid, end := lab.NetNS(t)
	s := &space{t: t, pid: strconv.Itoa(pid), end: end, Namespace: opened(t, "/proc", pid)}
	s.ip("link set lo up")
	return s
}

// opened opens the namespace of a process.
func opened(t testing.TB, proc string, pid int) *netstack.Namespace {
	t.Helper()
	dir, err := procfs.OpenDir(proc, pid)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dir.Close() })
	n, err := netstack.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Close() })
	return n
}

// ip runs lines of ip(8), nft those of nft(8), which flushes first.
func (s *space) ip(lines ...string) { s.t.Helper(); s.feed(lines, "ip", "-batch", "-") }

func (s *space) nft(lines ...string) {
	s.t.Helper()
	s.feed(append([]string{"flush ruleset"}, lines...), "nft", "-f", "-")
}

// feed runs a program in the namespace.
func (s *space) feed(lines []string, program ...string) string {
	s.t.Helper()
	var out []byte
	s.in(func() (err error) {
		cmd := exec.Command(program[0], program[1:]...)
		cmd.Stdin = strings.NewReader(strings.Join(lines, "\n") + "\n")
		if out, err = cmd.CombinedOutput(); err != nil {
			err = fmt.Errorf("%v: %w\n%s", program, err, out)
		}
		return err
	})
	return string(out)
}

func (s *space) in(f func() error) {
	s.t.Helper()
	if err := s.Enter(s.t.Context(), f); err != nil {
		s.t.Fatal(err)
	}
}

// serve lets handle have each connection to an address.
func (s *space) serve(address string, handle func(net.Conn)) {
	s.t.Helper()
	l := s.listen(address)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				handle(conn)
			}()
		}
	}()
}

func (s *space) listen(address string) (l net.Listener) {
	s.t.Helper()
	s.in(func() (err error) {
		l, err = net.Listen("tcp", address)
		return err
	})
	s.t.Cleanup(func() { l.Close() })
	return l
}

// Addresses of a host, and of its first container.
const (
	host, host6, hostMAC = "10.0.0.1", "fd00::1", "02:00:00:00:00:01"
	first, first6        = "10.0.1.1", "fd00::1:1"
)

// place is where a container is.
func place(i int) (v4, v6, mac string) {
	high, low := i/200+1, i%200+1
	return fmt.Sprintf("10.0.%d.%d", high, low), fmt.Sprintf("fd00::%x:%x", high, low), fmt.Sprintf("02:00:00:00:%02x:%02x", high, low)
}

// newHost makes a host with a bridge, and containers at it that send all to it.
func newHost(t testing.TB, count int) (h *space, containers []*space) {
	t.Helper()
	h = newSpace(t)
	lines := []string{"link add br0 address " + hostMAC + " type bridge", "link set br0 up", "addr add " + host + "/16 dev br0", "addr add " + host6 + "/64 dev br0 nodad"}
	for i := range count {
		c := newSpace(t)
		containers = append(containers, c)
		_, _, mac := place(i)
		lines = append(lines, fmt.Sprintf("link add v%d type veth peer name eth0 address %s netns %s", i, mac, c.pid), fmt.Sprintf("link set v%d master br0 up", i))
	}
	h.ip(lines...)
	for i, c := range containers {
		v4, v6, _ := place(i)
		c.ip("addr add "+v4+"/16 dev eth0", "addr add "+v6+"/64 dev eth0 nodad",
			"link set eth0 up", "route add default via "+host, "route add default via "+host6)
	}
	return h, containers
}

// to is a target, addr its address.
func to(address string) Target { return Target{AddrPort: netip.MustParseAddrPort(address)} }

func addr(address string) netip.Addr { return netip.MustParseAddr(address) }

// everywhere allows what the targets of jobs are.
func everywhere(jobs ...Job) Options {
	o := Options{Allowed: map[netip.Addr]bool{}}
	for _, j := range jobs {
		for _, t := range j.Targets {
			o.Allowed[t.Addr().Unmap()] = true
		}
	}
	return o
}

// try probes from one namespace.
func (s *space) try(targets ...Target) []Outcome {
	s.t.Helper()
	job := Job{Namespace: s.Namespace, Targets: targets}
	return Run(s.t.Context(), []Job{job}, everywhere(job))[0]
}

// number is the number that a text says.
func number(t testing.TB, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
