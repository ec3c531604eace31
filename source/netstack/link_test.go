package netstack

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"seawall/snapshot"
	"seawall/source/netlink"
)

// TestInterfaces: kinds, ports, addresses and the other ends of links.
func TestInterfaces(t *testing.T) {
	a, b := newHost(t, ""), newHost(t, "")
	a.sh(`ip link add br0 index 10 type bridge nf_call_iptables 1
ip link set br0 up
ip link add v0 index 11 type veth peer name eth0 index 21 netns ` + b.pid + `
ip link add v1 index 12 type veth peer name v2 index 13
ip link set v0 master br0
ip link set v1 master br0
bridge link set dev v1 isolated on
ip addr add 172.30.0.1/16 dev br0
ip addr add 172.31.0.1/16 dev br0
ip addr add 10.1.1.1 peer 10.2.2.2/32 dev v2
ip addr add 2001:db8:1::1/64 dev br0 nodad
ip addr add 2001:db8:2::1 peer 2001:db8:3::1/128 dev v2 nodad
ip link add link v2 name mac0 index 22 netns ` + b.pid + ` type macvlan mode private
ip link add dev tun0 index 15 type vxlan id 1 dstport 4789 dev v2
ip link set v2 up`)
	b.sh(`ip link set mac0 up
ip addr add 172.30.0.2/16 dev eth0`)
	stacks := read(t, a, b)
	alone := read(t, b)[0]
	lo := snapshot.NetInterface{Name: "lo", Index: 1, Loopback: true, Up: true, Addresses: []string{"127.0.0.1/8", "::1/128"}}
	wantA := []snapshot.NetInterface{
		lo,
		{Name: "br0", Index: 10, Kind: "bridge", Up: true, CallIPTables: true, Addresses: []string{"172.30.0.1/16", "172.31.0.1/16", "2001:db8:1::1/64"}},
		{Name: "v0", Index: 11, Kind: "veth", Master: "br0", Peer: 21, PeerNamespace: b.Inode()},
		{Name: "v1", Index: 12, Kind: "veth", Master: "br0", Isolated: true, Peer: 13, PeerNamespace: a.Inode()},
		{Name: "v2", Index: 13, Kind: "veth", Up: true, Peer: 12, PeerNamespace: a.Inode(), Addresses: []string{"10.1.1.1/32", "2001:db8:2::1/128"}},
		{Name: "tun0", Index: 15, Kind: "vxlan"},
	}
	wantB := []snapshot.NetInterface{
		lo,
		{Name: "eth0", Index: 21, Kind: "veth", Peer: 11, PeerNamespace: a.Inode(), Addresses: []string{"172.30.0.2/16"}},
		{Name: "mac0", Index: 22, Kind: "macvlan", Mode: "private", Up: true, Peer: 13, PeerNamespace: a.Inode()},
	}
	if diff := cmp.Diff(wantA, withoutLinkLocal(stacks[0].Interfaces)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(wantB, withoutLinkLocal(stacks[1].Interfaces)); diff != "" {
		t.Error(diff)
	}
	wantB[1].PeerNamespace, wantB[2].PeerNamespace = 0, 0
	if diff := cmp.Diff(wantB, withoutLinkLocal(alone.Interfaces)); diff != "" {
		t.Errorf("read without the other: %s", diff)
	}
}

// withoutLinkLocal leaves out the addresses that the kernel makes by itself.
func withoutLinkLocal(list []snapshot.NetInterface) []snapshot.NetInterface {
	for i := range list {
		var kept []string
		for _, a := range list[i].Addresses {
			if len(a) < 4 || a[:4] != "fe80" {
				kept = append(kept, a)
			}
		}
		list[i].Addresses = kept
	}
	return list
}

// TestMacvlanModes: each mode by its name.
func TestMacvlanModes(t *testing.T) {
	h := newHost(t, "ip link add v0 type veth peer name v1")
	for _, mode := range []string{"private", "vepa", "bridge", "passthru", "source"} {
		h.sh("ip link add link v0 name m0 type macvlan mode " + mode)
		if got := named(t, read(t, h)[0], "m0").Mode; got != mode {
			t.Errorf("mode %q, want %q", got, mode)
		}
		h.sh("ip link del m0")
	}
}

// TestRareKinds: what this kernel may not have, as the kernel's headers say that
// it is told.
func TestRareKinds(t *testing.T) {
	info := func(kind string, attribute uint16, value []byte) []byte {
		data := netlink.AppendAttribute(nil, attribute, value)
		nested := netlink.AppendAttribute(netlink.AppendAttribute(nil, unix.IFLA_INFO_KIND, []byte(kind+"\x00")), unix.IFLA_INFO_DATA, data)
		return netlink.AppendAttribute(make([]byte, unix.SizeofIfInfomsg), unix.IFLA_LINKINFO|unix.NLA_F_NESTED, nested)
	}
	tests := []struct {
		body []byte
		want snapshot.NetInterface
	}{
		{info("bridge", unix.IFLA_BR_VLAN_FILTERING, []byte{1}), snapshot.NetInterface{Kind: "bridge", VLANFiltering: true}},
		{info("bridge", unix.IFLA_BR_NF_CALL_IP6TABLES, []byte{1}), snapshot.NetInterface{Kind: "bridge", CallIP6Tables: true}},
		{info("bridge", unix.IFLA_BR_NF_CALL_IPTABLES, []byte{0}), snapshot.NetInterface{Kind: "bridge"}},
		{info("vxlan", unix.IFLA_BR_VLAN_FILTERING, []byte{1}), snapshot.NetInterface{Kind: "vxlan"}},
		{info("ipvlan", unix.IFLA_IPVLAN_MODE, []byte{2, 0}), snapshot.NetInterface{Kind: "ipvlan", Mode: "l3s"}},
	}
	for _, tt := range tests {
		d, err := parseLink(tt.body)
		if diff := cmp.Diff(tt.want, d.NetInterface); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
	}
}

// TestManyPeers: containers whose interfaces have the same numbers are told
// apart.
func TestManyPeers(t *testing.T) {
	all := []*host{newHost(t, "")}
	for range 12 {
		h := newHost(t, "ip link add eth0 index 2 type veth peer name tmp0 netns "+all[0].pid)
		all = append(all, h)
		all[0].sh("ip link set tmp0 name p" + h.pid)
	}
	stacks := read(t, all...)
	for i, h := range all[1:] {
		outer, inner := named(t, stacks[0], "p"+h.pid), named(t, stacks[i+1], "eth0")
		if outer.Peer != 2 || outer.PeerNamespace != h.Inode() || inner.Peer != outer.Index || inner.PeerNamespace != all[0].Inode() {
			t.Errorf("%+v and %+v, namespaces %d and %d", outer, inner, all[0].Inode(), h.Inode())
		}
	}
}

// recordLinks are the kernel's answers about the interfaces of a host.
func recordLinks(h *host) (links, addresses []byte) {
	h.t.Helper()
	h.in(func() error {
		kernel, err := netlink.Dial(h.t.Context(), unix.NETLINK_ROUTE)
		if err != nil {
			return err
		}
		defer kernel.Close()
		if links, err = kernel.List(unix.RTM_GETLINK, make([]byte, unix.SizeofIfInfomsg)); err != nil {
			return err
		}
		addresses, err = kernel.List(unix.RTM_GETADDR, make([]byte, unix.SizeofIfAddrmsg))
		return err
	})
	return links, addresses
}
