package matrix_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"seawall/reach/matrix"
	"seawall/snapshot"
	"seawall/source/packetfilter"
)

// model is a machine with an engine: web on docker0, app and app2 on br-shop. The
// host has eth0 at 192.0.2.10 and 2001:db8::10.
type model struct {
	t     testing.TB
	s     *snapshot.Snapshot
	stack map[uint64]*snapshot.NetStack
	read  []uint64 // namespaces that are in the snapshot, that of the machine first
}

// Numbers of namespaces.
const hostSpace, webSpace, appSpace, app2Space, machineSpace = 1, 11, 12, 13, 99

func see[T any](v T) snapshot.Fact[T] { return snapshot.See(v, snapshot.Origin{}) }

// newModel is one with rules as iptables-save prints them, of IPv4 and of IPv6,
// and sockets of the host. The API listens at tcp://ADDRESS for each of apis.
func newModel(t *testing.T, ip, ip6 string, sockets []string, apis ...string) *model {
	t.Helper()
	m := &model{t: t, stack: map[uint64]*snapshot.NetStack{}, read: []uint64{hostSpace, webSpace, appSpace, app2Space}}
	m.add(hostSpace, append(slices.Clone(sockets), apis...),
		snapshot.NetInterface{Name: "eth0", Index: 2, Up: true, Addresses: []string{"192.0.2.10/24", "2001:db8::10/64"}},
		snapshot.NetInterface{Name: "docker0", Index: 3, Kind: "bridge", Up: true, Addresses: []string{"172.17.0.1/16"}},
		snapshot.NetInterface{Name: "br-shop", Index: 4, Kind: "bridge", Up: true, Addresses: []string{"172.18.0.1/16"}},
		port(webSpace, "docker0"), port(appSpace, "br-shop"), port(app2Space, "br-shop"))
	m.add(webSpace, []string{"0.0.0.0:80"}, inside(webSpace, "172.17.0.2/16"))
	m.add(appSpace, []string{"0.0.0.0:80"}, inside(appSpace, "172.18.0.2/16"))
	m.add(app2Space, []string{"0.0.0.0:81"}, inside(app2Space, "172.18.0.3/16"))
	m.stack[hostSpace].Filter = see(snapshot.PacketFilter{Tables: append(m.parse("ip", ip), m.parse("ip6", ip6)...)})

	e := snapshot.Engine{Name: "unix:///run/docker.sock", Kind: "docker", Local: true}
	e.Daemon.Process = see(snapshot.DaemonProcess{PID: 812, Namespaces: map[string]uint64{"net": hostSpace}})
	var listeners []snapshot.Listener
	for _, a := range apis {
		listeners = append(listeners, snapshot.Listener{Name: "tcp://" + a, Service: "engine", Network: "tcp", Address: a})
	}
	e.Listeners = see(listeners)
	e.Networks = see([]snapshot.Network{
		{Name: "bridge", Driver: "bridge", Bridge: see("docker0")}, {Name: "shop", Driver: "bridge", Bridge: see("br-shop")},
	})
	e.Containers = see([]snapshot.Container{
		container("web", webSpace, "bridge", "172.17.0.2",
			snapshot.Port{HostIP: "0.0.0.0", HostPort: "8080", Port: 80, Protocol: "tcp"}, snapshot.Port{HostIP: "::", HostPort: "8080", Port: 80, Protocol: "tcp"}),
		container("app", appSpace, "shop", "172.18.0.2"), container("app2", app2Space, "shop", "172.18.0.3"),
	})
	m.s = &snapshot.Snapshot{Engines: []snapshot.Engine{e}, ContainerNets: true}
	return m
}

func port(space uint64, bridge string) snapshot.NetInterface {
	return snapshot.NetInterface{Name: "veth" + itoa(uint16(space)), Index: int(space), Kind: "veth", Up: true, Master: bridge, Peer: 2, PeerNamespace: space}
}

func inside(space uint64, address string) snapshot.NetInterface {
	return snapshot.NetInterface{Name: "eth0", Index: 2, Kind: "veth", Up: true, Peer: int(space), PeerNamespace: hostSpace, Addresses: []string{address}}
}

func container(name string, space uint64, network, address string, ports ...snapshot.Port) snapshot.Container {
	c := snapshot.Container{Name: name, State: see("running"), Ports: see(ports)}
	c.Networks = see([]snapshot.Endpoint{{Network: network, IPv4: address}})
	c.Process = see(snapshot.Process{
		PID: int(space), CapEffective: see(snapshot.Caps("NET_RAW")),
		Namespaces: see(map[string]snapshot.Namespace{"net": {Inode: space}}),
	})
	return c
}

func (m *model) parse(family, save string) []snapshot.FilterTable {
	m.t.Helper()
	tables, err := packetfilter.ParseSave("iptables", family, []byte(save))
	if err != nil {
		m.t.Fatal(err)
	}
	return tables
}

func (m *model) add(number uint64, sockets []string, interfaces ...snapshot.NetInterface) {
	lo := snapshot.NetInterface{Name: "lo", Index: 1, Loopback: true, Up: true, Addresses: []string{"127.0.0.1/8", "::1/128"}}
	s := snapshot.NetStack{
		Namespace: number, Interfaces: append([]snapshot.NetInterface{lo}, interfaces...),
		Settings: map[string]string{"net.bridge.bridge-nf-call-iptables": "1", "net.ipv4.ip_forward": "1", "net.ipv6.conf.all.forwarding": "0"},
		Programs: see([]snapshot.NetProgram(nil)), Filter: see(snapshot.PacketFilter{}),
	}
	var list []snapshot.NetListener
	for _, a := range sockets {
		list = append(list, snapshot.NetListener{Protocol: "tcp", Address: a})
	}
	s.Listeners = see(list)
	m.stack[number] = &s
}

// matrix asks the kernels what it must, and makes the matrix.
func (m *model) matrix() *matrix.Matrix {
	m.t.Helper()
	m.s.Net = nil
	for i, n := range m.read {
		m.s.Net = append(m.s.Net, snapshot.NetSpace{Namespace: n, Host: i == 0, Stack: see(*m.stack[n])})
	}
	p := matrix.NewPlan(m.s, matrix.Everything)
	for range 20 {
		questions := p.Questions()
		if len(questions) == 0 {
			return matrix.Of(m.s)
		}
		for i := range m.s.Net {
			stack, _ := m.s.Net[i].Stack.Peek()
			var answers []snapshot.NetRoute
			for _, q := range questions[stack.Namespace] {
				answers = append(answers, kernel(&stack, q))
			}
			p.Learn(stack.Namespace, answers)
			stack.Routes = append(stack.Routes, answers...)
			m.s.Net[i].Stack = see(stack)
		}
	}
	m.t.Fatal("the questions do not end")
	return nil
}

// kernel answers as the kernel of a namespace: its own addresses, its links, and
// a gateway at eth0.
func kernel(s *snapshot.NetStack, q snapshot.NetRoute) snapshot.NetRoute {
	destination := netip.MustParseAddr(q.Destination)
	for _, i := range s.Interfaces {
		for _, a := range i.Addresses {
			p := netip.MustParsePrefix(a)
			switch {
			case i.Loopback && q.In != "" && p.Contains(destination) && s.Settings["net.ipv4.conf."+q.In+".route_localnet"] != "1":
				q.Kind, q.Error = "refused", "EINVAL"
				return q
			case p.Addr() == destination:
				q.Kind, q.Out, q.Prefer, q.Via = "local", "lo", q.Destination, ""
				return q
			case p.Contains(destination):
				q.Kind, q.Out, q.Prefer, q.Via = "unicast", i.Name, p.Addr().String(), ""
				return q
			case i.Name == "eth0" && p.Addr().Is4() == destination.Is4():
				q.Kind, q.Out, q.Prefer, q.Via = "unicast", "eth0", p.Addr().String(), p.Masked().Addr().Next().String()
			}
		}
	}
	if q.Via == "" {
		q.Kind, q.Error = "refused", "ENETUNREACH"
	}
	return q
}

// at is a cell by the names of its source and target, or how they begin.
func (m *model) at(of *matrix.Matrix, source, target string) matrix.Pair {
	m.t.Helper()
	at := matrix.Pair{
		Source: slices.IndexFunc(of.Sources, func(s matrix.Source) bool { return strings.HasPrefix(s.Name, source) }),
		Target: slices.IndexFunc(of.Targets, func(t matrix.Target) bool { return strings.HasPrefix(t.Name, target) }),
	}
	if at.Source < 0 || at.Target < 0 {
		for _, s := range of.Sources {
			m.t.Log("source", s.Name)
		}
		for _, t := range of.Targets {
			m.t.Log("target", t.Name)
		}
		m.t.Fatalf("no cell of %q and %q", source, target)
	}
	return at
}
