package probe

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// filters of a host: what becomes of a packet, by port.
const filters = `table inet probed {
	chain in {
		type filter hook input priority 0;
		tcp dport 82 drop
		tcp dport 83 reject
		tcp dport 84 reject with tcp reset
		tcp dport 85 reject with icmpx type admin-prohibited
	}
}`

// TestOutcomes: what became of connections of all kinds.
func TestOutcomes(t *testing.T) {
	h, containers := newHost(t, 1)
	c := containers[0]
	h.nft(filters)
	h.feed(nil, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
	c.ip("route add unreachable 198.51.100.1", "route add prohibit 198.51.100.2", "route add blackhole 198.51.100.3", "route add unreachable 2001:db8:1::1")
	h.serve(":80", func(net.Conn) {})
	tests := []struct {
		to    string
		state State
		why   string
	}{
		{"10.0.0.1:80", Opened, ""},
		{"[::ffff:10.0.0.1]:80", Opened, ""},
		{"10.0.0.1:81", Refused, ""},
		{"10.0.0.1:82", TimedOut, ""},
		{"10.0.0.1:83", Unreachable, "ECONNREFUSED, ICMP type 3 code 3 from 10.0.0.1"},
		{"10.0.0.1:84", Refused, ""},
		{"10.0.0.1:85", Unreachable, "EHOSTUNREACH, ICMP type 3 code 13 from 10.0.0.1"},
		{"10.0.9.9:80", TimedOut, ""}, // nobody has this address
		{"198.51.100.1:80", Unreachable, "EHOSTUNREACH"},
		{"198.51.100.2:80", Unreachable, "EACCES"},
		{"198.51.100.3:80", Unreachable, "EINVAL"},
		{"203.0.113.1:80", Unreachable, "ENETUNREACH, ICMP type 3 code 0 from 10.0.0.1"}, // the host has no way
		{"[fd00::1]:80", Opened, ""},
		{"[fd00::1]:81", Refused, ""},
		{"[fd00::1]:82", TimedOut, ""},
		{"[fd00::1]:83", Unreachable, "ECONNREFUSED, ICMP type 1 code 4 from fd00::1"},
		{"[fd00::1]:84", Refused, ""},
		{"[fd00::1]:85", Unreachable, "EACCES, ICMP type 1 code 1 from fd00::1"},
		{"[2001:db8:1::1]:80", Unreachable, "EHOSTUNREACH"},
		{"[2001:db8:2::1]:80", Unreachable, "ENETUNREACH, ICMP type 1 code 0 from fd00::1"},
		{"[fe80::1]:80", NotTried, "a link-local address is another on each interface"},
		{"127.0.0.1:80", Refused, ""}, // the container's own
	}
	var targets []Target
	for _, tt := range tests {
		targets = append(targets, to(tt.to))
	}
	for i, got := range c.try(targets...) {
		if want := (Outcome{State: tests[i].state, Why: tests[i].why}); got != want {
			t.Errorf("%s: %+v, want %+v", tests[i].to, got, want)
		}
	}
}

// TestNoWay: a namespace without a way, for either protocol.
func TestNoWay(t *testing.T) {
	s := newSpace(t)
	for _, got := range s.try(to("10.0.0.1:80"), to("[fd00::1]:80")) {
		if want := (Outcome{State: Unreachable, Why: "ENETUNREACH"}); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	s.ip("link add a0 type veth peer name a1", "link set a0 addrgenmode none", "link set a0 up", "link set a1 up", "route add fd00::/64 dev a0")
	s.ip("addr del ::1/128 dev lo")
	if got, want := s.try(to("[fd00::1]:80"))[0], (Outcome{State: Unreachable, Why: "EADDRNOTAVAIL"}); got != want {
		t.Errorf("a link without an address: %+v, want %+v", got, want)
	}
}

// TestReset: a server that resets at once was reached all the same.
func TestReset(t *testing.T) {
	s := newSpace(t)
	s.serve("127.0.0.1:80", func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) })
	conn := s.begin(to("127.0.0.1:80"))
	time.Sleep(50 * time.Millisecond) // it is reset before anybody looks
	if got := await(t.Context(), conn, time.Second); got.State != Opened {
		t.Errorf("%+v", got)
	}
	for _, got := range s.try(many("127.0.0.1:80", 500)...) {
		if got.State != Opened {
			t.Fatalf("%+v", got)
		}
	}
}

// TestLate: what has opened by the time somebody looks has opened, however late
// that is.
func TestLate(t *testing.T) {
	s := newSpace(t)
	s.serve("127.0.0.1:80", func(net.Conn) {})
	conn := s.begin(to("127.0.0.1:80"))
	time.Sleep(50 * time.Millisecond)
	if got := await(t.Context(), conn, -time.Second); got.State != Opened {
		t.Errorf("%+v", got)
	}
}

// begin begins to open a connection.
func (s *space) begin(target Target) (conn *os.File) {
	s.t.Helper()
	s.in(func() error {
		var out Outcome
		if conn, out = dial(target); conn == nil {
			return fmt.Errorf("%+v", out)
		}
		return nil
	})
	s.t.Cleanup(func() { conn.Close() })
	return conn
}

// many is one target many times.
func many(address string, count int) []Target { return slices.Repeat([]Target{to(address)}, count) }

// TestFrom: a connection comes from the address that it is to come from.
func TestFrom(t *testing.T) {
	h, containers := newHost(t, 1)
	c := containers[0]
	c.ip("addr add 10.0.5.5/16 dev eth0", "addr add fd00::5:5/64 dev eth0 nodad")
	from := make(chan string, 1)
	h.serve(":80", func(c net.Conn) { from <- c.RemoteAddr().(*net.TCPAddr).AddrPort().Addr().Unmap().String() })
	for source, address := range map[string]string{"10.0.5.5": "10.0.0.1:80", first: "10.0.0.1:80", "fd00::5:5": "[fd00::1]:80"} {
		target := to(address)
		target.From = addr(source)
		if got := c.try(target)[0]; got.State != Opened {
			t.Errorf("from %s: %+v", source, got)
		} else if got := <-from; got != source {
			t.Errorf("from %s, not %s", got, source)
		}
	}
	target := to("10.0.0.1:80")
	target.From = addr("10.0.7.7")
	if got := c.try(target)[0]; got.State != NotTried || !strings.Contains(got.Why, "cannot assign requested address") {
		t.Errorf("from another's address: %+v", got)
	}
}

// TestRetry: what times out is tried once more, by another socket. A filter drops
// all that comes from the first ports it sees, and what the kernel sends once more
// comes from the same port.
func TestRetry(t *testing.T) {
	for _, tt := range []struct {
		drops, attempts int
		want            State
	}{{0, 1, Opened}, {1, 2, Opened}, {2, 2, TimedOut}} {
		t.Run(fmt.Sprintf("%d attempts are lost", tt.drops), func(t *testing.T) {
			h, containers := newHost(t, 1)
			h.serve(":80", func(net.Conn) {})
			var rule string
			if tt.drops > 0 {
				rule = "tcp dport 80 add @lost { tcp sport } drop"
			}
			h.nft(fmt.Sprintf(`table ip probed {
	set lost { type inet_service; size %d; flags dynamic; }
	set seen { type inet_service; flags dynamic; size 9; }
	chain in {
		type filter hook input priority 0;
		tcp dport 80 add @seen { tcp sport }
		%s
	}
}`, max(tt.drops, 1), rule))
			if got := containers[0].try(to("10.0.0.1:80"))[0]; got.State != tt.want {
				t.Errorf("%+v, want %s", got, tt.want)
			}
			seen := h.feed(nil, "nft", "list", "set", "ip", "probed", "seen")
			_, elements, _ := strings.Cut(seen, "elements = {")
			if got := len(strings.Split(elements, ",")); got != tt.attempts {
				t.Errorf("%d attempts, want %d: %s", got, tt.attempts, seen)
			}
		})
	}
}

// TestNotAllowed: nothing at all is sent to an address that is not to be tried.
func TestNotAllowed(t *testing.T) {
	h, containers := newHost(t, 1)
	c := containers[0]
	h.serve(":80", func(net.Conn) {})
	c.nft("table inet probed { chain out { type filter hook output priority 0; meta l4proto tcp counter; }; }")
	sent := func() int {
		var packets int
		list := c.feed(nil, "nft", "list", "chain", "inet", "probed", "out")
		if _, err := fmt.Sscanf(list[strings.Index(list, "packets"):], "packets %d", &packets); err != nil {
			t.Fatal(err)
		}
		return packets
	}
	targets := []Target{to("10.0.0.1:80"), to("[::ffff:10.0.0.1]:80"), to("[fd00::1]:80"), to("127.0.0.1:80"), to("0.0.0.0:80"), to("[::]:80"), {}}
	jobs := []Job{{Namespace: c.Namespace, Targets: targets}}
	for name, allowed := range map[string]map[netip.Addr]bool{
		"none": nil, "no": {addr(host): false}, "others": {addr(first): true, addr(first6): true},
	} {
		for i, got := range Run(t.Context(), jobs, Options{Allowed: allowed})[0] {
			if got.State != NotTried || got.Why != "the address is not one that may be tried" {
				t.Errorf("%s, %s: %+v", name, targets[i].AddrPort, got)
			}
		}
	}
	if got := sent(); got != 0 {
		t.Errorf("%d packets were sent", got)
	}
	if got := Run(t.Context(), jobs, Options{Allowed: map[netip.Addr]bool{addr(host): true}})[0]; got[0].State != Opened || got[1].State != Opened || got[2].State != NotTried || sent() == 0 {
		t.Errorf("one is allowed: %+v, %d packets", got, sent())
	}
}

// TestEnded: a namespace whose process has ended tells nothing, and nothing is
// sent from it; the others are tried. One that ends meanwhile tells only what
// opened.
func TestEnded(t *testing.T) {
	h, containers := newHost(t, 3)
	h.nft(filters)
	second, _, _ := place(1)
	h.serve(":80", func(c net.Conn) {
		if c.RemoteAddr().(*net.TCPAddr).AddrPort().Addr().Unmap() == addr(second) {
			containers[1].end()
		}
	})
	targets := []Target{to("10.0.0.1:80"), to("10.0.0.1:81"), to("10.0.0.1:82")}
	var jobs []Job
	for _, c := range containers {
		jobs = append(jobs, Job{Namespace: c.Namespace, Targets: targets})
	}
	containers[0].end()
	got := Run(t.Context(), jobs, everywhere(jobs...))
	for i, want := range [][]State{{NotTried, NotTried, NotTried}, {Opened, NotTried, NotTried}, {Opened, Refused, TimedOut}} {
		for k, o := range got[i] {
			if o.State != want[k] || o.State == NotTried && !strings.Contains(o.Why, "no such process") {
				t.Errorf("container %d, %s: %+v, want %s", i, targets[k].AddrPort, o, want[k])
			}
		}
	}
}

// TestCancelled: the end of the context is the end of all, whatever is under way,
// and what was not decided by then was not tried.
func TestCancelled(t *testing.T) {
	h, containers := newHost(t, 2)
	h.nft(filters)
	asked := make(chan bool, 2)
	h.serve(":80", func(c net.Conn) {
		_, _ = c.Read(make([]byte, 1))
		asked <- true
		_, _ = io.Copy(io.Discard, c)
	})
	silent := to("10.0.0.1:80")
	silent.API = true
	targets := append([]Target{to("10.0.0.1:81"), silent}, many("10.0.0.1:82", 100)...)
	jobs := []Job{{Namespace: containers[0].Namespace, Targets: targets}, {Namespace: containers[1].Namespace, Targets: targets}}
	cancelled := Outcome{State: NotTried, Why: "context canceled"}
	first := Outcome{State: Opened, Service: Silent, Why: "it did not answer in time"}
	for name, tt := range map[string]struct {
		when func(cancel func())
		want []Outcome
	}{
		"before": {func(cancel func()) { cancel() }, []Outcome{cancelled, cancelled}},
		"meanwhile": {func(cancel func()) {
			go func() { <-asked; <-asked; cancel() }()
		}, []Outcome{{State: Refused}, first}},
	} {
		t.Run(name, func(t *testing.T) {
			goroutines := runtime.NumGoroutine()
			ctx, cancel := context.WithCancel(t.Context())
			var ended time.Time
			tt.when(func() { ended = time.Now(); cancel() })
			got := Run(ctx, jobs, everywhere(jobs...))
			if took := time.Since(ended); took > time.Second {
				t.Errorf("it went on for %v", took)
			}
			for _, list := range got {
				for i, o := range list {
					if want := append(slices.Clone(tt.want), cancelled)[min(i, 2)]; o != want {
						t.Fatalf("%d: %+v, want %+v", i, o, want)
					}
				}
			}
			eventually(t, func() error {
				if n := runtime.NumGoroutine(); n > goroutines {
					return fmt.Errorf("%d goroutines, %d before", n, goroutines)
				}
				return nil
			})
		})
	}
}

// TestCancelledRetry: what timed out once only is not decided.
func TestCancelledRetry(t *testing.T) {
	h, containers := newHost(t, 1)
	h.nft(filters)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	job := Job{Namespace: containers[0].Namespace, Targets: []Target{to("10.0.0.1:82")}}
	if got := Run(ctx, []Job{job}, everywhere(job))[0][0]; got != (Outcome{State: NotTried, Why: "context deadline exceeded"}) {
		t.Errorf("%+v", got)
	}
}

// TestMany: more sockets than select(2) could wait for, from one namespace, on
// few threads, none of which is left.
func TestMany(t *testing.T) {
	h, containers := newHost(t, 1)
	h.nft(filters)
	h.serve(":80", func(net.Conn) {})
	before := tasks(t)
	got := containers[0].try(append(many("10.0.0.1:82", 1500), many("10.0.0.1:80", 1500)...)...)
	for i, o := range got {
		if want := []State{TimedOut, Opened}[i/1500]; o.State != want {
			t.Fatalf("%d: %+v, want %s", i, o, want)
		}
	}
	if n := tasks(t); n > before+16 {
		t.Errorf("%d threads, %d before", n, before)
	}
}

// TestFewFiles: where the process may open few files, connections wait for each
// other.
func TestFewFiles(t *testing.T) {
	s := newSpace(t)
	var old unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &old); err != nil {
		t.Fatal(err)
	}
	few := unix.Rlimit{Cur: 64, Max: old.Max}
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &few); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.Setrlimit(unix.RLIMIT_NOFILE, &old) }()
	for i, o := range s.try(many("127.0.0.1:81", 1000)...) {
		if o.State != Refused {
			t.Fatalf("%d: %+v", i, o)
		}
	}
}

// TestManyNamespaces: each outcome is that of its own namespace and target.
func TestManyNamespaces(t *testing.T) {
	h, containers := newHost(t, 20)
	h.nft(filters)
	var jobs []Job
	for i, c := range containers {
		port := 1000 + i
		c.serve("127.0.0.1:"+strconv.Itoa(port), func(net.Conn) {})
		var targets []Target
		for k := range containers {
			targets = append(targets, to("127.0.0.1:"+strconv.Itoa(1000+k)))
		}
		jobs = append(jobs, Job{Namespace: c.Namespace, Targets: targets})
	}
	jobs = append(jobs, Job{Namespace: h.Namespace})
	got := Run(t.Context(), jobs, everywhere(jobs...))
	for i := range containers {
		for k, o := range got[i] {
			if (o.State == Opened) != (i == k) {
				t.Errorf("container %d to the port of %d: %+v", i, k, o)
			}
		}
	}
	if len(got) != 21 || len(got[20]) != 0 {
		t.Errorf("no targets: %v", got[20])
	}
}

func tasks(t *testing.T) int {
	t.Helper()
	list, err := filepath.Glob("/proc/self/task/*")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// eventually waits for what happens by itself.
func eventually(t *testing.T, check func() error) {
	t.Helper()
	var err error
	for range 100 {
		if err = check(); err == nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error(err)
}

// TestNeighbours: the kernel's table of neighbours never overflows, however many
// addresses are tried, for then nobody on the host would reach anybody new.
func TestNeighbours(t *testing.T) {
	h, containers := newHost(t, 1)
	h.ip("route add local 10.0.96.0/19 dev lo")
	var targets []Target
	for i := range 1100 { // more than the table holds, unless it was made larger
		targets = append(targets, to(fmt.Sprintf("10.0.%d.%d:80", 100+i/250, 1+i%250)))
	}
	before := newNeighbours()
	tried := 0
	for i, o := range containers[0].try(targets...) {
		switch {
		case o.State == Refused:
			tried++
		case o.State != NotTried || !strings.Contains(o.Why, "nearly full: net.ipv4"):
			t.Fatalf("%s: %+v", targets[i].AddrPort, o)
		}
	}
	if tried < 300 || before.overflowed() {
		t.Errorf("%d were tried; it has overflowed: %t", tried, before.overflowed())
	}
}
