package netstack

import (
	"cmp"
	"encoding/binary"
	"net/netip"
	"slices"

	"golang.org/x/sys/unix"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/netlink"
)

// device is an interface with what the kernel tells of it in numbers.
type device struct {
	snapshot.NetInterface
	master int
	// nsid is this namespace's number for the one that the peer is in; -1 for
	// this one.
	nsid int32
	xdp  bool
	conf map[confPlace]string // settings
}

// readDevices lists the interfaces and their addresses.
func readDevices(kernel *netlink.Conn) ([]device, error) {
	request := netlink.AppendNumber(make([]byte, unix.SizeofIfInfomsg), unix.IFLA_EXT_MASK, skipStats)
	links, err := kernel.List(unix.RTM_GETLINK, request)
	if err != nil {
		return nil, lang.RecordErrorf("interfaces: %w", err)
	}
	addresses, err := kernel.List(unix.RTM_GETADDR, make([]byte, unix.SizeofIfAddrmsg))
	if err != nil {
		return nil, lang.RecordErrorf("addresses: %w", err)
	}
	return parseDevices(links, addresses)
}

// skipStats spares the counters (include/uapi/linux/rtnetlink.h,
// RTEXT_FILTER_SKIP_STATS).
const skipStats = 1 << 3

// parseDevices reads the answers to RTM_GETLINK and RTM_GETADDR.
func parseDevices(links, addresses []byte) ([]device, error) {
	var out []device
	byIndex := map[int]int{}
	err := netlink.Messages(links, func(kind uint16, body []byte) error {
		if kind != unix.RTM_NEWLINK {
			return nil
		}
		d, err := parseLink(body)
		out = append(out, d)
		return err
	})
	if err != nil {
		return nil, lang.RecordErrorf("interfaces: %w", err)
	}
	slices.SortFunc(out, func(a, b device) int { return cmp.Compare(a.Index, b.Index) })
	for i, d := range out {
		byIndex[d.Index] = i
	}
	for i, d := range out {
		if at, ok := byIndex[d.master]; ok {
			out[i].Master = out[at].Name
		}
	}
	err = netlink.Messages(addresses, func(kind uint16, body []byte) error {
		if kind != unix.RTM_NEWADDR {
			return nil
		}
		index, prefix, err := parseAddress(body)
		if at, ok := byIndex[index]; ok && err == nil {
			out[at].Addresses = append(out[at].Addresses, prefix.String())
		}
		return err
	})
	if err != nil {
		return nil, lang.RecordErrorf("addresses: %w", err)
	}
	return out, nil
}

// parseLink reads an answer to RTM_GETLINK: struct ifinfomsg and attributes.
func parseLink(body []byte) (device, error) {
	d := device{nsid: -1}
	err := netlink.Attributes(body, unix.SizeofIfInfomsg, func(kind uint16, value []byte) (err error) {
		switch kind {
		case unix.IFLA_IFNAME:
			d.Name = unix.ByteSliceToString(value)
		case unix.IFLA_MASTER:
			d.master, err = number(value)
		case unix.IFLA_LINK:
			d.Peer, err = number(value)
		case unix.IFLA_LINK_NETNSID:
			var id int
			id, err = number(value)
			d.nsid = int32(id)
		case unix.IFLA_LINKINFO:
			err = d.kind(value)
		case unix.IFLA_AF_SPEC:
			err = d.readConf(value)
		case unix.IFLA_XDP:
			err = netlink.Attributes(value, 0, func(kind uint16, value []byte) error {
				d.xdp = d.xdp || kind == unix.IFLA_XDP_ATTACHED && isSet(value)
				return nil
			})
		}
		return err
	})
	if err != nil {
		return d, err
	}
	flags := binary.NativeEndian.Uint32(body[8:])
	d.Index = int(int32(binary.NativeEndian.Uint32(body[4:])))
	d.Loopback, d.Up = flags&unix.IFF_LOOPBACK != 0, flags&unix.IFF_UP != 0
	if d.Peer == d.Index && d.nsid < 0 { // how some hardware says that it lies on nothing
		d.Peer = 0
	}
	return d, nil
}

// kind reads what sort of interface it is, and of what it is a port.
func (d *device) kind(info []byte) error {
	var port string
	var data, portData []byte
	err := netlink.Attributes(info, 0, func(kind uint16, value []byte) error {
		switch kind {
		case unix.IFLA_INFO_KIND:
			d.Kind = unix.ByteSliceToString(value)
		case unix.IFLA_INFO_DATA:
			data = value
		case unix.IFLA_INFO_SLAVE_KIND:
			port = unix.ByteSliceToString(value)
		case unix.IFLA_INFO_SLAVE_DATA:
			portData = value
		}
		return nil
	})
	if err != nil {
		return err
	}
	if port == "bridge" {
		err = netlink.Attributes(portData, 0, func(kind uint16, value []byte) error {
			d.Isolated = d.Isolated || kind == unix.IFLA_BRPORT_ISOLATED && isSet(value)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return netlink.Attributes(data, 0, func(kind uint16, value []byte) error {
		switch {
		case d.Kind == "bridge" && kind == unix.IFLA_BR_VLAN_FILTERING:
			d.VLANFiltering = isSet(value)
		case d.Kind == "bridge" && kind == unix.IFLA_BR_NF_CALL_IPTABLES:
			d.CallIPTables = isSet(value)
		case d.Kind == "bridge" && kind == unix.IFLA_BR_NF_CALL_IP6TABLES:
			d.CallIP6Tables = isSet(value)
		case (d.Kind == "macvlan" || d.Kind == "macvtap") && kind == unix.IFLA_MACVLAN_MODE && len(value) == 4:
			d.Mode = macvlanModes[binary.NativeEndian.Uint32(value)]
		case (d.Kind == "ipvlan" || d.Kind == "ipvtap") && kind == unix.IFLA_IPVLAN_MODE && len(value) == 2:
			d.Mode = ipvlanModes[binary.NativeEndian.Uint16(value)]
		}
		return nil
	})
}

// Modes by number (include/uapi/linux/if_link.h, MACVLAN_MODE_*, IPVLAN_MODE_*).
var (
	macvlanModes = map[uint32]string{1: "private", 2: "vepa", 4: "bridge", 8: "passthru", 16: "source"}
	ipvlanModes  = map[uint16]string{0: "l2", 1: "l3", 2: "l3s"}
)

func isSet(value []byte) bool { return len(value) == 1 && value[0] != 0 }

func number(value []byte) (int, error) {
	if len(value) != 4 {
		return 0, lang.RecordErrorf("netlink attribute: number of %d bytes", len(value))
	}
	return int(int32(binary.NativeEndian.Uint32(value))), nil
}

// parseAddress reads an answer to RTM_GETADDR: struct ifaddrmsg and attributes.
// IFA_ADDRESS is the other end's where there is an IFA_LOCAL.
func parseAddress(body []byte) (index int, prefix netip.Prefix, err error) {
	var address, local []byte
	err = netlink.Attributes(body, unix.SizeofIfAddrmsg, func(kind uint16, value []byte) error {
		switch kind {
		case unix.IFA_ADDRESS:
			address = value
		case unix.IFA_LOCAL:
			local = value
		}
		return nil
	})
	if err != nil {
		return 0, prefix, err
	}
	if local == nil {
		local = address
	}
	addr, ok := netip.AddrFromSlice(local)
	prefix = netip.PrefixFrom(addr, int(body[1]))
	if !ok || !prefix.IsValid() {
		return 0, prefix, lang.RecordErrorf("address %x/%d", local, body[1])
	}
	return int(binary.NativeEndian.Uint32(body[4:])), prefix, nil
}
