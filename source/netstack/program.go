package netstack

import (
	"encoding/binary"
	"errors"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/netlink"
)

// readPrograms lists the programs and filters that packets meet beside the packet
// filters. Those of tcx and sk_lookup the kernel shows to root alone.
func readPrograms(kernel *netlink.Conn, devices []device) snapshot.Fact[[]snapshot.NetProgram] {
	o := snapshot.At("programs", "RTM_GETLINK, RTM_GETTFILTER, BPF_PROG_QUERY")
	out, err := programs(kernel, devices)
	if err != nil {
		return snapshot.Lost[[]snapshot.NetProgram](gapFrom(err, "the capabilities NET_ADMIN and SYS_ADMIN"), o)
	}
	return snapshot.See(out, o)
}

func programs(kernel *netlink.Conn, devices []device) ([]snapshot.NetProgram, error) {
	out := []snapshot.NetProgram{}
	filtered, err := filteredDevices(kernel)
	if err != nil {
		return nil, lang.RecordErrorf("filters of tc: %w", err)
	}
	for _, d := range devices {
		attached, err := attachedAt(uint32(d.Index), unix.BPF_TCX_INGRESS, unix.BPF_TCX_EGRESS)
		if errors.Is(err, unix.ENODEV) {
			attached, err = false, nil // removed meanwhile
		}
		if err != nil {
			return nil, lang.RecordErrorf("BPF programs at %s: %w", d.Name, err)
		}
		for _, p := range []struct {
			kind string
			here bool
		}{{"xdp", d.xdp}, {"tc", filtered[d.Index]}, {"tcx", attached}} {
			if p.here {
				out = append(out, snapshot.NetProgram{Interface: d.Name, Kind: p.kind})
			}
		}
	}
	namespace, err := os.Open(threadLink)
	if err != nil {
		return nil, err
	}
	defer namespace.Close()
	attached, err := attachedAt(uint32(namespace.Fd()), unix.BPF_SK_LOOKUP)
	if err != nil {
		return nil, lang.RecordErrorf("BPF programs that choose sockets: %w", err)
	}
	if attached {
		out = append(out, snapshot.NetProgram{Kind: "sk_lookup"})
	}
	return out, nil
}

// attachedAt asks whether BPF programs are attached to a target in one of some
// ways (bpf(2), BPF_PROG_QUERY). A kernel that does not know the way has none.
func attachedAt(target uint32, ways ...uint32) (bool, error) {
	for _, way := range ways {
		query := struct { // union bpf_attr, query
			target, way, flags, attachFlags uint32
			ids                             uint64
			count, _                        uint32
			_                               [4]uint64
		}{target: target, way: way}
		_, _, errno := unix.Syscall(unix.SYS_BPF, unix.BPF_PROG_QUERY, uintptr(unsafe.Pointer(&query)), unsafe.Sizeof(query))
		switch errno {
		case 0:
			if query.count > 0 {
				return true, nil
			}
		case unix.EINVAL, unix.ENOSYS, unix.E2BIG:
		default:
			return false, errno
		}
	}
	return false, nil
}

// The handles of tc (include/uapi/linux/pkt_sched.h).
const (
	sizeofTcMsg   = 20
	clsactIngress = 0xFFFFFFF2 // TC_H_CLSACT and TC_H_MIN_INGRESS
	clsactEgress  = 0xFFFFFFF3
)

// filteredDevices are the numbers of the interfaces with filters of tc.
func filteredDevices(kernel *netlink.Conn) (map[int]bool, error) {
	answer, err := kernel.List(unix.RTM_GETQDISC, make([]byte, sizeofTcMsg))
	if errors.Is(err, unix.EOPNOTSUPP) { // a kernel without traffic control
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var hooks []hook
	if err := netlink.Messages(answer, func(kind uint16, body []byte) error {
		if kind != unix.RTM_NEWQDISC {
			return nil
		}
		found, err := parseQdisc(body)
		hooks = append(hooks, found...)
		return err
	}); err != nil {
		return nil, err
	}
	out := map[int]bool{}
	for _, h := range hooks {
		if out[h.device] {
			continue
		}
		request := make([]byte, sizeofTcMsg)
		binary.NativeEndian.PutUint32(request[4:], uint32(h.device))
		binary.NativeEndian.PutUint32(request[12:], h.parent)
		answer, err := kernel.List(unix.RTM_GETTFILTER, request)
		if errors.Is(err, unix.ENODEV) || errors.Is(err, unix.EINVAL) { // removed meanwhile
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := netlink.Messages(answer, func(kind uint16, _ []byte) error {
			out[h.device] = out[h.device] || kind == unix.RTM_NEWTFILTER
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// hook is a place at an interface that filters of tc can be at.
type hook struct {
	device int
	parent uint32
}

// parseQdisc reads an answer to RTM_GETQDISC: struct tcmsg and attributes. A
// queue without a handle can have no filters.
func parseQdisc(body []byte) ([]hook, error) {
	name := ""
	err := netlink.Attributes(body, sizeofTcMsg, func(kind uint16, value []byte) error {
		if kind == unix.TCA_KIND {
			name = unix.ByteSliceToString(value)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	device, handle := int(int32(binary.NativeEndian.Uint32(body[4:]))), binary.NativeEndian.Uint32(body[8:])
	switch {
	case name == "clsact":
		return []hook{{device, clsactIngress}, {device, clsactEgress}}, nil
	case handle != 0:
		return []hook{{device, handle}}, nil
	}
	return nil, nil
}
