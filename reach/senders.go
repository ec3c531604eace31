package reach

import (
	"net/netip"
	"slices"

	"go4.org/netipx"

	"seawall/snapshot"
)

// Senders are those that may open connections: the host, each namespace of a
// container that was read, and who is outside of the host.
func (n *Net) Senders() []From {
	var out []From
	for name, s := range n.byName {
		if s.gap == "" && s.name == name {
			out = append(out, From{Name: name})
		}
	}
	slices.SortFunc(out, func(a, b From) int {
		if a.Name == n.host.name || b.Name != n.host.name && a.Name < b.Name {
			return -1
		}
		return 1
	})
	return append(out, n.Outside(n.host.name)...)
}

// Outside are the senders beyond a namespace, by each of its interfaces that
// leads out of what was read: the addresses on its link, and those of the
// internet. Other addresses behind routers, such as private ones, are not among
// them.
func (n *Net) Outside(name string) []From {
	s := n.byName[name]
	if s == nil {
		return nil
	}
	var out []From
	for _, i := range s.stack.Interfaces {
		if n.leadsOut(s, i) {
			out = append(out, s.outside(i)...)
		}
	}
	return out
}

// leadsOut says whether an interface of a namespace has others than namespaces
// that were read at its other end.
func (n *Net) leadsOut(s *space, i snapshot.NetInterface) bool {
	if i.Loopback || !i.Up || i.Master != "" {
		return false
	}
	if i.Kind != "bridge" {
		other, _ := n.otherEnd(i)
		return other == nil
	}
	return slices.ContainsFunc(s.stack.Interfaces, func(port snapshot.NetInterface) bool {
		other, _ := n.otherEnd(port)
		return port.Master == i.Name && other == nil
	})
}

// notInternet are addresses that no packet of the internet comes from: those
// for other uses (RFC 6890), and multicast.
var notInternet = func() *netipx.IPSet {
	var b netipx.IPSetBuilder
	for _, p := range []string{
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3",
		"::/3", "4000::/2", "8000::/1",
	} {
		b.AddPrefix(netip.MustParsePrefix(p))
	}
	set, _ := b.IPSet() // an error is only of ranges that are none
	return set
}()

// strangers are addresses that stand for the internet, from ranges for
// documentation (RFC 5737, RFC 3849).
var strangers = []netip.Addr{
	netip.MustParseAddr("203.0.113.5"), netip.MustParseAddr("198.51.100.5"),
	netip.MustParseAddr("2001:db8:ffff::5"), netip.MustParseAddr("2001:db8:eeee::5"),
}

func (s *space) outside(i snapshot.NetInterface) []From {
	var out []From
	add := func(b *netipx.IPSetBuilder, samples ...netip.Addr) {
		set, _ := b.IPSet() // an error is only of ranges that are none
		if at := slices.IndexFunc(samples, set.Contains); at >= 0 {
			out = append(out, From{Name: s.name, In: i.Name, Sources: set, Sample: samples[at]})
		}
	}
	families := map[bool]bool{}
	for _, a := range i.Addresses {
		p, err := netip.ParsePrefix(a)
		if err != nil || p.Addr().IsLinkLocalUnicast() {
			continue
		}
		families[p.Addr().Is6()] = true
		var link netipx.IPSetBuilder
		link.AddPrefix(p)
		link.Remove(p.Masked().Addr())
		if p.Addr().Is4() {
			link.Remove(netipx.PrefixLastIP(p))
		}
		for _, own := range s.own {
			link.Remove(own)
		}
		first := p.Masked().Addr().Next()
		add(&link, first, first.Next(), first.Next().Next())
	}
	for _, internet := range []string{"0.0.0.0/0", "::/0"} {
		p := netip.MustParsePrefix(internet)
		if !families[p.Addr().Is6()] {
			continue
		}
		var b netipx.IPSetBuilder
		b.AddPrefix(p)
		b.RemoveSet(notInternet)
		for _, link := range s.stack.Interfaces {
			for _, a := range link.Addresses {
				if p, err := netip.ParsePrefix(a); err == nil {
					b.RemovePrefix(p)
				}
			}
		}
		add(&b, strangers...)
	}
	return out
}
