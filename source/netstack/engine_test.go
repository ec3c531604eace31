package netstack

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"seawall/lab"
	"seawall/snapshot"
	"seawall/source/procfs"
)

// TestEngines reads the namespaces of a host with containers in several kinds of
// networks.
func TestEngines(t *testing.T) {
	for _, v := range []lab.Version{lab.V20, lab.V28} {
		t.Run(string(v), func(t *testing.T) {
			e := startNetworks(t, v)
			e.read()
			e.checkLinks()
			e.checkRoutes()
			e.checkKilled()
		})
	}
}

// engine is a host with containers.
type engine struct {
	*lab.TestHost
	t      *testing.T
	names  []string // of containers; "" is the host
	opened map[string]*Namespace
	stacks map[string]snapshot.NetStack
}

// networks are what containers are started with, by name.
var networks = map[string]string{"plain": "bridge", "other": "other", "inner": "inner", "mac": "mac", "alone": "none"}

func startNetworks(t *testing.T, v lab.Version) *engine {
	h := lab.New(t, lab.Options{Version: v, LAN: true})
	h.Docker("network", "create", "--subnet", "172.30.0.0/16", "-o", "com.docker.network.bridge.name=other0", "other")
	h.Docker("network", "create", "--internal", "--subnet", "172.31.0.0/16", "-o", "com.docker.network.bridge.name=inner0", "inner")
	h.Docker("network", "create", "-d", "macvlan", "--subnet", "192.0.2.0/24", "--ip-range", "192.0.2.128/28", "--gateway", lab.NeighbourAddr, "-o", "parent=eth0", "mac")
	image := h.ImportBusybox()
	e := &engine{TestHost: h, t: t, names: []string{""}, opened: map[string]*Namespace{}}
	e.opened[""] = e.open(strconv.Itoa(1))
	for name, network := range networks {
		id := h.Run("--name", name, "--network", network, image, "sleep", "inf")
		e.names = append(e.names, name)
		e.opened[name] = e.open(h.Docker("inspect", "-f", "{{.State.Pid}}", id))
	}
	for network, same := range map[string]string{"host": "", "container:plain": "plain"} {
		id := h.Run("--network", network, image, "sleep", "inf")
		if n := e.open(h.Docker("inspect", "-f", "{{.State.Pid}}", id)); n.Inode() != e.opened[same].Inode() {
			t.Errorf("network %s is namespace %d, want %d", network, n.Inode(), e.opened[same].Inode())
		}
	}
	return e
}

// open opens the namespace of a process of the host, by the host's number of it.
func (e *engine) open(pid string) *Namespace {
	e.t.Helper()
	number, err := strconv.Atoi(pid)
	if err != nil {
		e.t.Fatal(err)
	}
	dir, err := procfs.OpenDir(e.Root()+"/proc", number)
	if err != nil {
		e.t.Fatal(err)
	}
	e.t.Cleanup(func() { dir.Close() })
	n, err := Open(dir)
	if err != nil {
		e.t.Fatal(err)
	}
	e.t.Cleanup(func() { n.Close() })
	return n
}

func (e *engine) read() {
	e.t.Helper()
	var list []*Namespace
	for _, name := range e.names {
		list = append(list, e.opened[name])
	}
	e.stacks = map[string]snapshot.NetStack{}
	for i, fact := range Read(e.t.Context(), list) {
		stack := seen(e.t, fact)
		if got := listed(seen(e.t, stack.Programs)); got != "" {
			e.t.Errorf("programs of %q: %s", e.names[i], got)
		}
		seen(e.t, stack.Listeners)
		e.stacks[e.names[i]] = stack
	}
}

// checkLinks: the interface of a container and its other end on the host name
// each other, and the host's is a port of the network's bridge.
func (e *engine) checkLinks() {
	e.t.Helper()
	host := e.stacks[""]
	for name, bridge := range map[string]string{"plain": "docker0", "other": "other0", "inner": "inner0"} {
		inside := named(e.t, e.stacks[name], "eth0")
		at := slices.IndexFunc(host.Interfaces, func(i snapshot.NetInterface) bool { return i.Index == inside.Peer })
		if inside.PeerNamespace != host.Namespace || at < 0 {
			e.t.Errorf("%s: %+v has no other end on the host", name, inside)
			continue
		}
		outside := host.Interfaces[at]
		if outside.Peer != inside.Index || outside.PeerNamespace != e.stacks[name].Namespace || outside.Master != bridge || outside.Kind != "veth" || inside.Kind != "veth" {
			e.t.Errorf("%s: %+v and %+v", name, inside, outside)
		}
		if got := named(e.t, host, bridge); got.Kind != "bridge" || !got.Up || len(got.Addresses) == 0 {
			e.t.Errorf("bridge %+v", got)
		}
	}
	mac := named(e.t, e.stacks["mac"], "eth0")
	if mac.Kind != "macvlan" || mac.Mode != "bridge" || mac.Peer != named(e.t, host, "eth0").Index || mac.PeerNamespace != host.Namespace {
		e.t.Errorf("macvlan %+v", mac)
	}
	if list := e.stacks["alone"].Interfaces; len(list) != 1 || !list[0].Loopback {
		e.t.Errorf("without a network: %+v", list)
	}
	for name, want := range map[string]string{"net.ipv4.ip_forward": "1", "net.ipv4.conf.docker0.route_localnet": "0", "net.bridge.bridge-nf-call-iptables": "1"} {
		if got := host.Settings[name]; got != want {
			e.t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// address is that of a container.
func (e *engine) address(name string) netip.Addr {
	e.t.Helper()
	list := named(e.t, e.stacks[name], "eth0").Addresses
	prefix, err := netip.ParsePrefix(list[0])
	if err != nil {
		e.t.Fatal(err)
	}
	return prefix.Addr()
}

// checkRoutes: the ways between containers, host and neighbour.
func (e *engine) checkRoutes() {
	e.t.Helper()
	neighbour := ip(lab.NeighbourAddr)
	inner := "refused ENETUNREACH" // no way out of an internal network
	if e.Version() == lab.V20 {
		inner = "unicast eth0 172.31.0.1"
	}
	tests := []struct {
		at   string
		q    Question
		want string
	}{
		{"plain", Question{Destination: neighbour}, "unicast eth0 172.17.0.1"},
		{"other", Question{Destination: neighbour}, "unicast eth0 172.30.0.1"},
		{"inner", Question{Destination: neighbour}, inner},
		{"mac", Question{Destination: neighbour}, "unicast eth0"},
		{"mac", Question{Destination: ip("203.0.113.5")}, "unicast eth0 " + lab.NeighbourAddr},
		{"alone", Question{Destination: neighbour}, "refused ENETUNREACH"},
		{"", Question{In: "docker0", Source: e.address("plain"), Destination: ip("172.17.0.1")}, "local lo"},
		{"", Question{In: "docker0", Source: e.address("plain"), Destination: ip("172.30.0.1")}, "local lo"},
		{"", Question{In: "docker0", Source: e.address("plain"), Destination: e.address("other")}, "unicast other0"},
		{"", Question{In: "docker0", Source: e.address("plain"), Destination: ip("127.0.0.1")}, "refused EINVAL"},
		{"", Question{In: "docker0", Source: e.address("plain"), Destination: ip("203.0.113.5")}, "unicast eth0 " + lab.NeighbourAddr},
		{"", Question{In: "eth0", Source: neighbour, Destination: e.address("plain")}, "unicast docker0"},
		{"", Question{In: "eth0", Source: neighbour, Destination: ip("172.17.0.1")}, "local lo"},
	}
	for _, tt := range tests {
		if got := said(e.opened[tt.at].Ask(e.t.Context(), []Question{tt.q})[0]); got != tt.want {
			e.t.Errorf("at %q %+v: %q, want %q", tt.at, tt.q, got, tt.want)
		}
	}
}

// checkKilled: a container that is killed meanwhile is a gap, and the rest is
// read; its number leads nowhere.
func (e *engine) checkKilled() {
	e.t.Helper()
	pid := e.Docker("inspect", "-f", "{{.State.Pid}}", "other")
	e.Docker("kill", "other")
	facts := Read(e.t.Context(), []*Namespace{e.opened["other"], e.opened[""], e.opened["plain"]})
	if g := facts[0].Gap(); g.Reason != snapshot.ReasonVanished || !strings.Contains(g.Detail, pid) {
		e.t.Errorf("killed: %+v", g)
	}
	for _, fact := range facts[1:] {
		seen(e.t, fact)
	}
	if answer := e.opened["other"].Ask(e.t.Context(), []Question{{Destination: ip("127.0.0.1")}})[0]; answer.Kind != "unknown" {
		e.t.Errorf("killed: %+v", answer)
	}
}

// TestRootless: the namespace of a rootless engine is another user's, and root
// reads it with its containers'.
func TestRootless(t *testing.T) {
	lab.RequireRootless(t)
	h := lab.New(t, lab.Options{NoEngine: true})
	rootless := h.StartRootless("alice")
	image, err := rootless.ImportSleep(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	id, err := rootless.Run(t.Context(), image)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := rootless.Docker(t.Context(), "inspect", "-f", "{{.State.Pid}}", id)
	if err != nil {
		t.Fatal(err)
	}
	e := &engine{TestHost: h, t: t, names: []string{"", "engine", "container"}}
	e.opened = map[string]*Namespace{"": e.open("1"), "engine": opened(t, rootless.PID()), "container": e.open(pid)}
	e.read()
	outer, inner := e.stacks["engine"], named(t, e.stacks["container"], "eth0")
	if len(outer.Interfaces) < 3 || inner.PeerNamespace != outer.Namespace || outer.Namespace == e.stacks[""].Namespace {
		t.Errorf("engine %+v, container %+v", outer, inner)
	}
	if got := said(e.opened["container"].Ask(t.Context(), []Question{{Destination: ip(lab.NeighbourAddr)}})[0]); got != "unicast eth0 172.17.0.1" {
		t.Errorf("way out %q", got)
	}
}
