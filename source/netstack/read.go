package netstack

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sys/unix"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
	"seawall/source/netlink"
)

// Read reads namespaces, each of which is there once, and returns what they are
// in the same order. The ends of links between them are told by the namespace
// they are in. One whose process ends meanwhile is a gap.
func Read(ctx context.Context, namespaces []*Namespace) []snapshot.Fact[snapshot.NetStack] {
	out := make([]snapshot.Fact[snapshot.NetStack], len(namespaces))
	var all sync.WaitGroup
	for i, n := range namespaces {
		all.Go(func() {
			o := snapshot.At("network namespace", n.dir.Where(link))
			stack, err := n.read(ctx, namespaces)
			if err != nil {
				out[i] = snapshot.Lost[snapshot.NetStack](gapFrom(err, "the capability SYS_ADMIN"), o)
				return
			}
			out[i] = snapshot.See(stack, o)
		})
	}
	all.Wait()
	return out
}

// gapFrom makes a gap of an error. What the kernel does not permit even to root
// takes a capability.
func gapFrom(err error, capability string) snapshot.Gap {
	g := source.GapFrom(err)
	if errors.Is(err, unix.EPERM) {
		g.Remedy = lang.Recordf("run as root with %s", capability)
	}
	return g
}

// read reads one namespace.
func (n *Namespace) read(ctx context.Context, others []*Namespace) (snapshot.NetStack, error) {
	out := snapshot.NetStack{Namespace: n.inode}
	err := n.Enter(ctx, func() error {
		kernel, err := netlink.Dial(ctx, unix.NETLINK_ROUTE)
		if err != nil {
			return err
		}
		defer kernel.Close()
		devices, err := readDevices(kernel)
		if err != nil {
			return err
		}
		if err := n.findPeers(kernel, devices, others); err != nil {
			return err
		}
		nameOf := map[int]string{}
		for _, d := range devices {
			out.Interfaces = append(out.Interfaces, d.NetInterface)
			nameOf[d.Index] = d.Name
		}
		if out.Settings, err = readSettings(devices); err != nil {
			return err
		}
		out.Listeners = readListeners(ctx, nameOf)
		out.Programs = readPrograms(kernel, devices)
		return nil
	})
	if err == nil {
		err = n.Alive()
	}
	return out, err
}

// findPeers tells in which namespace the other ends of interfaces are. The kernel
// numbers other namespaces anew in each, and tells the number of one that is
// shown to it.
func (n *Namespace) findPeers(kernel *netlink.Conn, devices []device, others []*Namespace) error {
	wanted := map[int32]uint64{}
	for _, d := range devices {
		if d.Peer != 0 && d.nsid >= 0 {
			wanted[d.nsid] = 0
		}
	}
	left := len(wanted)
	for _, other := range others {
		if left == 0 {
			break
		}
		id, err := numberOf(kernel, other)
		if err != nil {
			return err
		}
		if inode, ok := wanted[id]; ok && inode == 0 {
			wanted[id] = other.inode
			left--
		}
	}
	for i, d := range devices {
		switch {
		case d.Peer == 0:
		case d.nsid < 0:
			devices[i].PeerNamespace = n.inode
		default:
			devices[i].PeerNamespace = wanted[d.nsid]
		}
	}
	return nil
}

// numberOf asks what number a namespace has here; -1 for none.
func numberOf(kernel *netlink.Conn, n *Namespace) (int32, error) {
	answer, err := kernel.Get(unix.RTM_GETNSID, netlink.AppendNumber(make([]byte, 4), unix.NETNSA_FD, uint32(n.fd)))
	if err != nil {
		return -1, err
	}
	id := -1
	err = netlink.Messages(answer, func(kind uint16, body []byte) error {
		if kind != unix.RTM_NEWNSID {
			return nil
		}
		return netlink.Attributes(body, 4, func(kind uint16, value []byte) (err error) {
			if kind == unix.NETNSA_NSID {
				id, err = number(value)
			}
			return err
		})
	})
	if id < -1 {
		err = errors.New(lang.N("number of a namespace below -1"))
	}
	return int32(id), err
}
