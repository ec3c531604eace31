package trial

import (
	"net/netip"

	"seawall/snapshot"
)

// gateways of the example's host, by eth0.
const gateway4, gateway6 = "192.0.2.1", "2001:db8::1"

// answer says where the kernel of the example's host sends a packet: to itself, to
// a neighbour, or to the gateway.
func answer(stack *snapshot.NetStack, q snapshot.NetRoute) snapshot.NetRoute {
	destination, err := netip.ParseAddr(q.Destination)
	if err != nil {
		return refused(q, "EINVAL")
	}
	if destination.IsLoopback() && q.In != "" && !takesLoopback(stack, q.In) {
		return refused(q, "EINVAL")
	}
	var best netip.Prefix
	q.Kind = ""
	for _, i := range stack.Interfaces {
		for _, a := range i.Addresses {
			p, err := netip.ParsePrefix(a)
			switch {
			case err != nil || !p.Contains(destination):
			case p.Addr() == destination || i.Loopback:
				q.Kind, q.Out, q.Prefer = "local", "lo", q.Destination
				return q
			case !best.IsValid() || p.Bits() > best.Bits():
				best = p
				q.Kind, q.Out, q.Prefer = "unicast", i.Name, p.Addr().String()
			}
		}
	}
	if q.In != "" && stack.Settings["net.ipv4.ip_forward"] != "1" {
		return refused(q, "EHOSTUNREACH")
	}
	if best.IsValid() {
		return q
	}
	via := gateway4
	if destination.Is6() {
		via = gateway6
	}
	to := answer(stack, snapshot.NetRoute{Destination: via})
	q.Kind, q.Out, q.Prefer, q.Via = to.Kind, to.Out, to.Prefer, via
	return q
}

func refused(q snapshot.NetRoute, why string) snapshot.NetRoute {
	q.Kind, q.Error, q.Out, q.Prefer = "refused", why, "", ""
	return q
}

// takesLoopback: route_localnet lets packets to 127.0.0.0/8 in by an interface.
func takesLoopback(stack *snapshot.NetStack, in string) bool {
	return stack.Settings["net.ipv4.conf.all.route_localnet"] == "1" || stack.Settings["net.ipv4.conf."+in+".route_localnet"] == "1"
}
