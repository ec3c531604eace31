package reach_test

import (
	"bufio"
	"cmp"
	"context"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"seawall/lab"
	"seawall/snapshot"
	"seawall/source/netstack"
	"seawall/source/procfs"
)

// TestEngines: on real engines with containers in networks of all kinds, what is
// predicted is what happens.
func TestEngines(t *testing.T) {
	var all tally
	for _, v := range lab.Versions() {
		t.Run(string(v), func(t *testing.T) { testVersion(t, v, &all) })
	}
	t.Run("firewalls", func(t *testing.T) { testFirewalls(t, &all) })
	for _, v := range []lab.Version{lab.V20, lab.V28} {
		t.Run(string(v)+" with IPv6", func(t *testing.T) { testIPv6(t, v, &all) })
	}
	all.check(t)
}

// site is what an engine is started with.
type site struct {
	flags []string
	// networks are made in this order: a name, then arguments.
	networks   [][]string
	containers []container
	spare      []string // containers that a restart leaves out
	// hosts are the addresses of the host that connections are opened to, at each
	// of these ports. Each container has a server on port 80.
	hosts []string
	ports []uint16
	// neighbour is a script: it has Docker's networks behind the host, and an
	// address of the internet.
	neighbour string
}

type container struct {
	name string
	args []string
	port string // of its server; "" for 80
}

// engine is a host with containers, and what was found there.
type engine struct {
	*lab.TestHost
	top, t     *testing.T // t is that of the state
	site       site
	names      []string // of the containers
	neighbour  *netstack.Namespace
	namespaces map[string]*netstack.Namespace // by container, and "host"
	stacks     map[string]snapshot.NetStack
	tally      *tally
}

// start starts an engine that finds forwarding switched off, as on a new
// machine, and so switches it on itself.
func start(t *testing.T, options lab.Options, s site, all *tally) *engine {
	prepare := options.Prepare
	options.LAN = true
	options.Prepare = func(ctx context.Context, h *lab.Host) error {
		_, err := h.Exec(ctx, "sysctl", "-w", "net.ipv4.ip_forward=0")
		if err == nil && prepare != nil {
			err = prepare(ctx, h)
		}
		return err
	}
	e := &engine{TestHost: lab.New(t, options), top: t, t: t, site: s, tally: all}
	e.RestartDaemon(s.flags...) // docker0 is there
	for _, n := range s.networks {
		e.Docker(slices.Concat([]string{"network", "create"}, n[1:], []string{n[0]})...)
	}
	image := e.ImportBusybox()
	for _, c := range s.containers {
		e.names = append(e.names, c.name)
		e.Run(slices.Concat([]string{"--name", c.name, "--stop-signal", "KILL"}, c.args, []string{image, "busybox", "httpd", "-f", "-p", cmp.Or(c.port, "80")})...)
	}
	e.open()
	e.meet()
	return e
}

// restart starts the engine anew with more flags, and of the containers, for
// speed, one in each kind of network. Commands are run while it is stopped.
func (e *engine) restart(commands []string, flags ...string) {
	e.t.Helper()
	e.StopDaemon()
	e.commands(commands)
	e.StartDaemon(append(flags, e.site.flags...)...)
	e.names = slices.DeleteFunc(e.names, func(name string) bool { return slices.Contains(e.site.spare, name) })
	e.Docker(append([]string{"start"}, e.names...)...)
	e.open()
}

func (e *engine) commands(list []string) {
	e.t.Helper()
	for _, command := range list {
		e.Exec(strings.Fields(command)...)
	}
}

// run is a subtest of the engine.
func (e *engine) run(name string, f func()) {
	e.t.Run(name, func(t *testing.T) {
		e.t = t
		defer func() { e.t = e.top }()
		f()
	})
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
	e.top.Cleanup(func() { dir.Close() })
	n, err := netstack.Open(dir)
	if err != nil {
		e.t.Fatal(err)
	}
	e.top.Cleanup(func() { n.Close() })
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

// meet opens the neighbour's namespace.
func (e *engine) meet() {
	e.t.Helper()
	cmd := e.Neighbour(e.top.Context(), "sh", "-ec", e.site.neighbour+"\necho ready; exec sleep 1200")
	out, err := cmd.StdoutPipe()
	if err != nil {
		e.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		e.t.Fatal(err)
	}
	e.top.Cleanup(func() { _ = cmd.Cancel(); _ = cmd.Wait() })
	if !bufio.NewScanner(out).Scan() {
		e.t.Fatal("the neighbour does not start")
	}
	e.neighbour = e.namespace("/proc", strconv.Itoa(cmd.Process.Pid))
}

// in calls f in a namespace.
func (e *engine) in(n *netstack.Namespace, f func() error) {
	e.t.Helper()
	if err := n.Enter(e.t.Context(), f); err != nil {
		e.t.Fatal(err)
	}
}

// addresses are those of a container in networks of its own.
func (e *engine) addresses(name string) []netip.Addr {
	var out []netip.Addr
	for _, i := range e.stacks[name].Interfaces {
		for _, a := range i.Addresses {
			ip := netip.MustParsePrefix(a).Addr()
			if i.Name == "eth0" && e.namespaces[name].Inode() != e.namespaces["host"].Inode() && !ip.IsLinkLocalUnicast() {
				out = append(out, ip)
			}
		}
	}
	return out
}

// targets are what connections are opened to.
func (e *engine) targets() []netip.AddrPort {
	var out []netip.AddrPort
	for _, a := range e.site.hosts {
		for _, port := range e.site.ports {
			out = append(out, netip.AddrPortFrom(netip.MustParseAddr(a), port))
		}
	}
	for _, name := range e.names {
		for _, a := range e.addresses(name) {
			if to := netip.AddrPortFrom(a, 80); !slices.Contains(out, to) {
				out = append(out, to)
			}
		}
	}
	return out
}
