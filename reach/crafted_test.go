package reach_test

import (
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"go4.org/netipx"

	"seawall/lab"
	"seawall/reach"
	"seawall/snapshot"
	"seawall/source/netstack"
)

// crafter is one who may send frames of its own to the host.
type crafter struct {
	namespace *netstack.Namespace
	frameSender
	cell cell
}

// crafters are the containers on bridges where the host has an address of IPv4,
// and the neighbour; each would ask for the API on loopback.
func (e *engine) crafters() []*crafter {
	e.t.Helper()
	var out []*crafter
	add := func(name string, n *netstack.Namespace, in string, source netip.Addr) {
		i := e.link("host", func(i snapshot.NetInterface) bool { return i.Name == in })
		at := slices.IndexFunc(i.Addresses, func(a string) bool { return netip.MustParsePrefix(a).Addr().Is4() })
		if at < 0 {
			return
		}
		c := &crafter{namespace: n, frameSender: frameSender{host: netip.MustParsePrefix(i.Addresses[at]).Addr(), port: 2375}}
		e.in(e.namespaces["host"], func() error {
			device, err := net.InterfaceByName(in)
			if err == nil {
				c.link = device.HardwareAddr
			}
			return err
		})
		var b netipx.IPSetBuilder
		b.Add(source)
		sources, _ := b.IPSet()
		c.cell = cell{who: name, c: reach.Connection{
			From: reach.From{Name: "host", In: in, Sources: sources, Sample: source},
			To:   reach.To{Protocol: "tcp", Address: netip.AddrPortFrom(localhost, c.port)},
		}}
		out = append(out, c)
	}
	add("lan", e.neighbour, "eth0", netip.MustParseAddr(lab.NeighbourAddr))
	for _, name := range e.names {
		inside := e.link(name, func(i snapshot.NetInterface) bool { return i.Name == "eth0" && i.Kind == "veth" })
		port := e.link("host", func(i snapshot.NetInterface) bool { return inside.Peer != 0 && i.Index == inside.Peer })
		if port.Master != "" && name != "joined" {
			add(name, e.namespaces[name], port.Master, e.addresses(name)[0])
		}
	}
	return out
}

// link finds an interface of a namespace.
func (e *engine) link(name string, is func(snapshot.NetInterface) bool) snapshot.NetInterface {
	list := e.stacks[name].Interfaces
	if at := slices.IndexFunc(list, is); at >= 0 {
		return list[at]
	}
	return snapshot.NetInterface{}
}

// checkCrafted compares who gets an answer to crafted frames with what is
// predicted, and with what is known.
func (e *engine) checkCrafted(want ...string) []*crafter {
	e.t.Helper()
	n := reach.New(e.collect())
	crafters := e.crafters()
	cells := make([]cell, len(crafters))
	for i, c := range crafters {
		cells[i] = c.cell
	}
	e.predict(n, cells)
	errs := make([]error, len(crafters))
	var all sync.WaitGroup
	for i, c := range crafters {
		all.Go(func() {
			errs[i] = c.namespace.Enter(e.t.Context(), func() error {
				answer, err := c.get()
				cells[i].found = strings.HasPrefix(answer, "HTTP/1.1 200 OK")
				return err
			})
		})
	}
	all.Wait()
	for i, c := range cells {
		if errs[i] != nil {
			e.t.Errorf("%s: %v", c.who, errs[i])
		}
		e.compare(c)
		if c.found != slices.Contains(want, c.who) {
			e.t.Errorf("%s reaches loopback by crafted frames: %v", c.who, c.found)
		}
	}
	return crafters
}

// checkRouteLocalnet: with route_localnet on all interfaces, frames to loopback
// are taken from everywhere.
func (e *engine) checkRouteLocalnet() {
	e.checkCrafted()
	e.commands([]string{"sysctl -w net.ipv4.conf.all.route_localnet=1"})
	e.checkCrafted(all(bridged, internal, []string{"lan"})...)
	e.commands([]string{"sysctl -w net.ipv4.conf.all.route_localnet=0"})
}

// checkLoopback: without the userland proxy the engine sets route_localnet on its
// bridges, and crafted frames get to loopback, unless a rule drops them.
func (e *engine) checkLoopback() {
	e.checkRights(e.checkCrafted(all(bridged, internal)...))
	e.commands([]string{"iptables -t raw -I PREROUTING ! -i lo -d 127.0.0.0/8 -j DROP"})
	e.checkCrafted()
	e.commands([]string{"iptables -t raw -D PREROUTING 1"})
}

// checkRights: a container can send frames unless it lacks NET_RAW or runs as an
// ordinary user. What is predicted is what becomes of packets; who can make them
// is for the caller to know.
func (e *engine) checkRights(crafters []*crafter) {
	e.t.Helper()
	at := slices.IndexFunc(crafters, func(c *crafter) bool { return c.cell.who == "plain" })
	f := crafters[at].frameSender
	e.CopyIn(lab.Self(e.t), "/usr/local/bin/frames", 0o755)
	for _, test := range []struct {
		flags []string
		want  string
	}{
		{nil, "HTTP/1.1 200 OK"},
		{[]string{"--cap-drop", "NET_RAW"}, "packet socket: operation not permitted"},
		{[]string{"--user", "1000"}, "packet socket: operation not permitted"},
	} {
		got := e.Docker(slices.Concat([]string{"run", "--rm", "-v", "/usr/local/bin/frames:/frames:ro", "-e", role + "=" + f.String()}, test.flags, []string{lab.BusyboxRef, "/frames"})...)
		if !strings.Contains(got, test.want) {
			e.t.Errorf("a container with %q: %q, want %q", test.flags, got, test.want)
		}
	}
}
