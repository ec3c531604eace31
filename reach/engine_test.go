package reach_test

import (
	"bufio"
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"seawall/lab"
	"seawall/reach"
	"seawall/reach/filter"
	"seawall/snapshot"
	"seawall/source/netstack"
	"seawall/source/packetfilter"
	"seawall/source/procfs"
)

// Ports of the Engine API: on loopback, everywhere, and on docker0's address.
const (
	onLoopback = 2375
	onAll      = 2376
	onDocker0  = 2377
)

var apiFlags = []string{
	"--tls=false", "-H", "unix:///run/docker.sock", "-H", "tcp://127.0.0.1:2375", "-H", "tcp://0.0.0.0:2376", "-H", "tcp://172.17.0.1:2377",
}

// containers are started in this order, each with a server on port 80.
var containers = []struct {
	name string
	args []string
}{
	{"plain", []string{"-p", "8080:80", "-p", "127.0.0.1:8081:80"}},
	{"plain2", nil},
	{"other", []string{"--network", "other", "-p", "8090:80"}},
	{"inner", []string{"--network", "inner"}},
	{"inner2", []string{"--network", "inner"}},
	{"quiet", []string{"--network", "quiet"}},
	{"quiet2", []string{"--network", "quiet"}},
	{"mac", []string{"--network", "mac"}},
	{"alone", []string{"--network", "none"}},
	{"hostnet", []string{"--network", "host"}},
	{"isolated", []string{"--network", "isolated"}},
}

// who reaches the API in each state, by any address.
var (
	onHost   = []string{"host", "hostnet"}
	bridged  = []string{"plain", "plain2", "other", "quiet", "quiet2"}
	internal = []string{"inner", "inner2"}
	beyond   = []string{"lan", "internet"}
)

// reached is a port of the API and who reaches it.
type reached struct {
	port int
	who  []string
}

// TestEngines: on real engines with containers in networks of all kinds, what is
// predicted is what happens.
func TestEngines(t *testing.T) {
	for _, v := range []lab.Version{lab.V20, lab.V28} {
		t.Run(string(v), func(t *testing.T) {
			e := start(t, v)
			old := internal
			if v != lab.V20 {
				old = nil
			}
			everybody := slices.Concat(onHost, bridged, internal, beyond)
			for _, state := range []struct {
				name    string
				on, off []string // commands
				want    []reached
			}{
				{name: "no rules of the user", want: []reached{
					{onLoopback, onHost}, {onAll, everybody}, {onDocker0, slices.Concat(onHost, bridged, beyond, old)},
				}},
				{
					name: "DOCKER-USER drops", want: []reached{{onAll, everybody}},
					on:  []string{"iptables -I DOCKER-USER -p tcp --dport 2376 -j DROP"},
					off: []string{"iptables -D DOCKER-USER 1"},
				},
				{
					name: "INPUT drops from bridges", want: []reached{{onAll, slices.Concat(onHost, beyond)}},
					on:  []string{"iptables -I INPUT -i docker0 -j DROP", "iptables -I INPUT -i br-+ -j DROP"},
					off: []string{"iptables -F INPUT"},
				},
				{
					name: "INPUT lets one address in", want: []reached{{onAll, slices.Concat(onHost, []string{"lan"})}},
					on: []string{
						"iptables -A INPUT -i lo -j ACCEPT", "iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
						"iptables -A INPUT -s " + lab.NeighbourAddr + " -j ACCEPT", "iptables -P INPUT DROP",
					},
					off: []string{"iptables -P INPUT ACCEPT", "iptables -F INPUT"},
				},
				{
					name: "FORWARD lets all in, bridges do not filter", want: []reached{{onLoopback, onHost}, {onAll, everybody}},
					on:  []string{"iptables -P FORWARD ACCEPT", "sysctl -w net.bridge.bridge-nf-call-iptables=0"},
					off: []string{"iptables -P FORWARD DROP", "sysctl -w net.bridge.bridge-nf-call-iptables=1"},
				},
			} {
				for _, command := range state.on {
					e.Exec(strings.Fields(command)...)
				}
				e.check(state.name, state.want...)
				for _, command := range state.off {
					e.Exec(strings.Fields(command)...)
				}
			}
			e.Docker(append([]string{"kill"}, e.names...)...) // they ignore SIGTERM
			e.RestartDaemon(append([]string{"--userland-proxy=false"}, apiFlags...)...)
			e.Docker(append([]string{"start"}, e.names...)...)
			e.open()
			e.check("no userland proxy", reached{onLoopback, onHost})
			t.Logf("%d cells, %d of them open, %d not known; asked in at most %d rounds", e.cells, e.opened, e.unknown, e.rounds)
		})
	}
}

// engine is a host with containers, and what was found there.
type engine struct {
	*lab.TestHost
	t          *testing.T
	names      []string // of the containers
	neighbour  *netstack.Namespace
	namespaces map[string]*netstack.Namespace // by container, and "host"
	stacks     map[string]snapshot.NetStack

	cells, opened, unknown, rounds int
}

func start(t *testing.T, v lab.Version) *engine {
	e := &engine{TestHost: lab.New(t, lab.Options{Version: v, LAN: true}), t: t}
	e.RestartDaemon(apiFlags...) // docker0 is there
	network := func(name, subnet string, args ...string) {
		e.Docker(slices.Concat([]string{"network", "create", "--subnet", subnet, "-o", "com.docker.network.bridge.name=br-" + name}, args, []string{name})...)
	}
	network("other", "172.30.0.0/16")
	network("inner", "172.31.0.0/16", "--internal")
	network("quiet", "172.29.0.0/16", "-o", "com.docker.network.bridge.enable_icc=false")
	if v != lab.V20 {
		network("isolated", "172.28.0.0/16", "--internal", "-o", "com.docker.network.bridge.gateway_mode_ipv4=isolated")
	}
	e.Docker("network", "create", "-d", "macvlan", "--subnet", "192.0.2.0/24", "--ip-range", "192.0.2.128/28", "--gateway", lab.NeighbourAddr, "-o", "parent=eth0", "mac")
	image := e.ImportBusybox()
	for _, c := range containers {
		if c.name == "isolated" && v == lab.V20 {
			continue
		}
		e.names = append(e.names, c.name)
		e.Run(slices.Concat([]string{"--name", c.name}, c.args, []string{image, "busybox", "httpd", "-f", "-p", "80"})...)
	}
	e.open()
	e.meet()
	return e
}

// namespace opens that of a process.
func (e *engine) namespace(proc, pid string) *netstack.Namespace {
	e.t.Helper()
	number, err := strconv.Atoi(pid)
	if err != nil {
		e.t.Fatal(err)
	}
	dir, err := procfs.OpenDir(proc, number)
	if err != nil {
		e.t.Fatal(err)
	}
	e.t.Cleanup(func() { dir.Close() })
	n, err := netstack.Open(dir)
	if err != nil {
		e.t.Fatal(err)
	}
	e.t.Cleanup(func() { n.Close() })
	return n
}

// open opens the namespaces of the host and of the containers that run.
func (e *engine) open() {
	e.t.Helper()
	proc := e.Root() + "/proc"
	e.namespaces = map[string]*netstack.Namespace{"host": e.namespace(proc, "1")}
	pids := strings.Fields(e.Docker(append([]string{"inspect", "-f", "{{.State.Pid}}"}, e.names...)...))
	for i, name := range e.names {
		e.namespaces[name] = e.namespace(proc, pids[i])
	}
}

// meet opens the neighbour's namespace. It routes Docker's networks to the host
// and has an address of the internet.
func (e *engine) meet() {
	e.t.Helper()
	cmd := e.Neighbour(e.t.Context(), "sh", "-ec", "ip route add 172.16.0.0/12 via "+lab.HostAddr+"; ip addr add 203.0.113.5/32 dev lo; echo ready; exec sleep 600")
	out, err := cmd.StdoutPipe()
	if err != nil {
		e.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		e.t.Fatal(err)
	}
	e.t.Cleanup(func() { _ = cmd.Cancel(); _ = cmd.Wait() })
	if !bufio.NewScanner(out).Scan() {
		e.t.Fatal("the neighbour does not start")
	}
	e.neighbour = e.namespace("/proc", strconv.Itoa(cmd.Process.Pid))
}

// collect reads all namespaces once.
func (e *engine) collect() reach.World {
	e.t.Helper()
	names := append([]string{"host"}, e.names...)
	var once []*netstack.Namespace
	for _, name := range names {
		n := e.namespaces[name]
		if !slices.ContainsFunc(once, func(o *netstack.Namespace) bool { return o.Inode() == n.Inode() }) {
			once = append(once, n)
		}
	}
	read := map[uint64]snapshot.NetStack{}
	for i, fact := range netstack.Read(e.t.Context(), once) {
		stack, ok := fact.Peek()
		if !ok {
			e.t.Fatalf("%+v", fact.Gap())
		}
		err := once[i].Enter(e.t.Context(), func() error {
			rules, err := packetfilter.Read(e.t.Context(), packetfilter.Exec)
			stack.Filter = snapshot.See(rules, snapshot.Origin{})
			return err
		})
		if err != nil {
			e.t.Fatal(err)
		}
		read[once[i].Inode()] = stack
	}
	w := reach.World{}
	e.stacks = map[string]snapshot.NetStack{}
	for _, name := range names {
		e.stacks[name] = read[e.namespaces[name].Inode()]
		space := reach.Space{Name: name, Stack: snapshot.See(e.stacks[name], snapshot.Origin{})}
		if name == "host" {
			w.Host = space
		} else {
			w.Containers = append(w.Containers, space)
		}
	}
	return w
}

// targets are what connections are opened to.
func (e *engine) targets() []netip.AddrPort {
	var out []netip.AddrPort
	for _, a := range []string{"127.0.0.1", lab.HostAddr, "172.17.0.1", "172.30.0.1", "172.31.0.1"} {
		for _, port := range []uint16{onLoopback, onAll, onDocker0, 8080, 8081, 8090, 9} {
			out = append(out, netip.AddrPortFrom(netip.MustParseAddr(a), port))
		}
	}
	for _, name := range e.names {
		for _, i := range e.stacks[name].Interfaces {
			if i.Name == "eth0" && name != "hostnet" {
				out = append(out, netip.AddrPortFrom(netip.MustParsePrefix(i.Addresses[0]).Addr(), 80))
			}
		}
	}
	return out
}

// cell is a connection, what was predicted, and whether it opened.
type cell struct {
	who   string
	c     reach.Connection
	said  reach.Answer
	found bool
}

// predict asks the kernels what must be asked, and fills in the answers.
func (e *engine) predict(n *reach.Net, cells []cell) {
	e.t.Helper()
	var connections []reach.Connection
	for _, c := range cells {
		connections = append(connections, c.c)
	}
	rounds := 0
	for questions := n.Questions(connections); len(questions) > 0; questions = n.Questions(connections) {
		if rounds++; rounds > 30 {
			e.t.Fatal("the questions do not end")
		}
		for _, namespace := range e.namespaces {
			var list []netstack.Question
			for _, q := range questions[namespace.Inode()] {
				source, _ := netip.ParseAddr(q.Source)
				list = append(list, netstack.Question{In: q.In, Source: source, Destination: netip.MustParseAddr(q.Destination), Mark: q.Mark})
			}
			delete(questions, namespace.Inode())
			if len(list) > 0 {
				n.Learn(namespace.Inode(), namespace.Ask(e.t.Context(), list))
			}
		}
	}
	e.rounds = max(e.rounds, rounds)
	for i, c := range cells {
		answers := n.Connect(c.c.From, c.c.To)
		at := slices.IndexFunc(answers, func(a reach.Answer) bool {
			return !c.c.From.Sample.IsValid() || a.Sources.Contains(c.c.From.Sample)
		})
		if at < 0 {
			e.t.Fatalf("%s to %s: no answer", c.who, c.c.To.Address)
		}
		cells[i].said = answers[at]
	}
}

// probe opens all connections at once, and those that did not open once more,
// slower.
func (e *engine) probe(cells []cell) {
	e.t.Helper()
	for _, patience := range []time.Duration{300 * time.Millisecond, 1500 * time.Millisecond} {
		by := map[*netstack.Namespace][]*cell{}
		for i := range cells {
			c := &cells[i]
			namespace := e.namespaces[c.who]
			if c.c.From.In != "" {
				namespace = e.neighbour
			}
			if !c.found {
				by[namespace] = append(by[namespace], c)
			}
		}
		tries := map[int]*cell{} // by socket
		for namespace, list := range by {
			err := namespace.Enter(e.t.Context(), func() error {
				for _, c := range list {
					if socket := dial(c.c); socket >= 0 {
						tries[socket] = c
					}
				}
				return nil
			})
			if err != nil {
				e.t.Fatal(err)
			}
		}
		await(tries, patience)
	}
}

// dial begins to open a connection; -1 where that fails at once.
func dial(c reach.Connection) int {
	socket, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1
	}
	if c.From.Sample.IsValid() {
		err = unix.Bind(socket, &unix.SockaddrInet4{Addr: c.From.Sample.As4()})
	}
	if err == nil {
		err = unix.Connect(socket, &unix.SockaddrInet4{Addr: c.To.Address.Addr().As4(), Port: int(c.To.Address.Port())})
	}
	if err != nil && !errors.Is(err, unix.EINPROGRESS) {
		unix.Close(socket)
		return -1
	}
	return socket
}

// await waits for connections that are being opened, and closes them.
func await(tries map[int]*cell, patience time.Duration) {
	for end := time.Now().Add(patience); len(tries) > 0 && time.Now().Before(end); {
		var list []unix.PollFd
		for socket := range tries {
			list = append(list, unix.PollFd{Fd: int32(socket), Events: unix.POLLOUT})
		}
		_, _ = unix.Poll(list, int(time.Until(end).Milliseconds())+1) // interrupted: once more
		for _, p := range list {
			if p.Revents == 0 {
				continue
			}
			socket := int(p.Fd)
			failed, err := unix.GetsockoptInt(socket, unix.SOL_SOCKET, unix.SO_ERROR)
			tries[socket].found = err == nil && failed == 0
			unix.Close(socket)
			delete(tries, socket)
		}
	}
	for socket := range tries {
		unix.Close(socket)
	}
}

// check compares what is predicted with what happens, and with what is known of
// the API.
func (e *engine) check(state string, want ...reached) {
	e.t.Helper()
	began := time.Now()
	n := reach.New(e.collect())
	var cells []cell
	who := []string{}
	for _, f := range n.Senders() {
		name := f.Name
		switch {
		case f.In != "" && f.Sample.Is6():
			continue
		case f.Sample.String() == lab.NeighbourAddr:
			name = "lan"
		case f.In != "":
			name = "internet"
		}
		who = append(who, name)
		for _, to := range e.targets() {
			if f.In != "" && to.Addr().IsLoopback() {
				continue // takes crafted frames
			}
			cells = append(cells, cell{who: name, c: reach.Connection{From: f, To: reach.To{Protocol: "tcp", Address: to}}})
		}
	}
	if len(who) != len(e.names)+2 { // hostnet is the host, and two are outside
		e.t.Errorf("%s: senders %q", state, who)
	}
	collected := time.Now()
	e.predict(n, cells)
	predicted := time.Now()
	e.probe(cells)
	e.t.Logf("%s: %d cells; collected in %v, predicted in %v, probed in %v", state, len(cells), collected.Sub(began), predicted.Sub(collected), time.Since(predicted))
	for _, c := range cells {
		e.compare(state, c)
	}
	for _, w := range want {
		for _, name := range who {
			found := slices.ContainsFunc(cells, func(c cell) bool { return c.who == name && int(c.c.To.Address.Port()) == w.port && c.found })
			if found != slices.Contains(w.who, name) {
				e.t.Errorf("%s: %s reaches port %d: %v", state, name, w.port, found)
			}
		}
	}
}

// reasons are those of answers that are not known: the neighbour was not read,
// nor is it known which ports are hairpin ports.
var reasons = []string{"it leaves by the macvlan eth0", "it leaves what was read, by eth0", "it is beyond eth0", "only a hairpin port"}

// compare says where an answer is wrong.
func (e *engine) compare(state string, c cell) {
	e.t.Helper()
	e.cells++
	if c.found {
		e.opened++
	}
	what := state + ": " + c.who + " to " + c.c.To.Address.String()
	switch {
	case c.said.Verdict == filter.Unknown:
		e.unknown++
		if !slices.ContainsFunc(reasons, func(why string) bool { return strings.Contains(c.said.Why, why) }) {
			e.t.Errorf("%s: not known, and opened: %v: %s", what, c.found, said(c.said))
		}
	case (c.said.Verdict == filter.Open) != c.found:
		e.t.Errorf("%s: opened: %v, but said %s", what, c.found, said(c.said))
		for _, h := range c.said.Hops {
			e.t.Logf("%s: %v", h.Space, h.Trail)
		}
	}
}
