package netstack

import (
	"context"
	"encoding/binary"
	"errors"
	"io/fs"
	"net/netip"
	"slices"

	"golang.org/x/sys/unix"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/netlink"
)

// Question is a packet whose way is asked for.
type Question struct {
	// In is the interface by which it comes; "" for one sent from here.
	In string
	// Source may be left out of one sent from here.
	Source      netip.Addr
	Destination netip.Addr
	Mark        uint32
	// Protocol ("tcp" or "udp") and Port it goes to matter where routing rules ask
	// for them.
	Protocol string
	Port     uint16
}

// Kinds of answers that are not types of routes.
const (
	refused = "refused"
	unknown = "unknown"
)

// Ask asks the kernel of the namespace which way packets take, in one answer for
// each question. Of several next hops of a route it tells one. Routing rules for
// users and source ports are asked as root and without a port.
func (n *Namespace) Ask(ctx context.Context, questions []Question) []snapshot.NetRoute {
	out := make([]snapshot.NetRoute, len(questions))
	err := n.Enter(ctx, func() error {
		kernel, err := netlink.Dial(ctx, unix.NETLINK_ROUTE)
		if err != nil {
			return err
		}
		defer kernel.Close()
		a := asker{kernel: kernel}
		if a.devices, err = readDevices(kernel); err != nil {
			return err
		}
		for i, q := range questions {
			out[i] = a.answer(q)
		}
		return nil
	})
	if err == nil {
		err = n.Alive()
	}
	if err != nil {
		for i, q := range questions {
			out[i] = q.route()
			out[i].Kind, out[i].Error = unknown, err.Error()
		}
	}
	return out
}

// route is the question as the snapshot has it.
func (q Question) route() snapshot.NetRoute {
	r := snapshot.NetRoute{In: q.In, Destination: q.Destination.String(), Mark: q.Mark, Protocol: q.Protocol, Port: q.Port}
	if q.Source.IsValid() {
		r.Source = q.Source.String()
	}
	return r
}

// asker asks in the namespace of its thread.
type asker struct {
	kernel  *netlink.Conn
	devices []device
	// forwards6 is the setting to forward IPv6, once it is needed.
	forwards6 string
}

// answer asks one question.
func (a *asker) answer(q Question) snapshot.NetRoute {
	out := q.route()
	if err := a.ask(q, &out); err != nil {
		out = q.route()
		conclude(&out, err)
	}
	return out
}

// conclude makes an answer of an error, or says that there is none.
func conclude(out *snapshot.NetRoute, err error) {
	out.Kind, out.Error = unknown, err.Error()
	var refusal netlink.Refusal
	if errors.As(err, &refusal) && slices.Contains(refusals[:], refusal.Errno) {
		out.Kind, out.Error = refused, unix.ErrnoName(refusal.Errno)
	}
}

// refusals are the kernel's errors for packets that go nowhere. EOPNOTSUPP is
// that of a kernel without IPv6.
var refusals = [...]unix.Errno{unix.EACCES, unix.EHOSTUNREACH, unix.EINVAL, unix.ENETUNREACH, unix.EOPNOTSUPP, unix.EXDEV}

// ask asks the kernel, and adds what it looks at only when a packet comes.
func (a *asker) ask(q Question, out *snapshot.NetRoute) error {
	var in device
	if q.In != "" {
		at := slices.IndexFunc(a.devices, func(d device) bool { return d.Name == q.In })
		if at < 0 {
			return lang.RecordErrorf("no interface %s", q.In)
		}
		in = a.devices[at]
	}
	request, err := q.request(in.Index)
	if err != nil {
		return err
	}
	answer, err := a.kernel.Get(unix.RTM_GETROUTE, request)
	if err != nil {
		return err
	}
	err = netlink.Messages(answer, func(kind uint16, body []byte) error {
		if kind != unix.RTM_NEWROUTE {
			return nil
		}
		index, err := parseRoute(body, out)
		if err != nil || index == 0 {
			return err
		}
		at := slices.IndexFunc(a.devices, func(d device) bool { return d.Index == index })
		if at < 0 {
			return lang.RecordErrorf("interface %d of the route is not known", index)
		}
		out.Out = a.devices[at].Name
		return nil
	})
	if err == nil && out.Kind == "" {
		err = errors.New(lang.N("no route in the answer"))
	}
	if err != nil || q.In == "" || q.Destination.Is4() {
		return err
	}
	why, err := a.refusal6(q, &in, out.Kind)
	if why != "" {
		*out = q.route()
		out.Kind, out.Error = refused, why
	}
	return err
}

// request is the question in the words of rtnetlink(7): struct rtmsg and
// attributes.
func (q Question) request(in int) ([]byte, error) {
	source, destination := q.Source, q.Destination
	switch {
	case !destination.IsValid(), source.IsValid() && source.Is4() != destination.Is4(), in != 0 && !source.IsValid():
		return nil, errors.New(lang.N("no such packet"))
	}
	body := make([]byte, unix.SizeofRtMsg)
	body[0], body[1] = unix.AF_INET6, byte(destination.BitLen())
	if destination.Is4() {
		body[0] = unix.AF_INET
	}
	body = netlink.AppendAttribute(body, unix.RTA_DST, destination.AsSlice())
	if source.IsValid() {
		body[2] = byte(source.BitLen())
		body = netlink.AppendAttribute(body, unix.RTA_SRC, source.AsSlice())
	}
	if in != 0 {
		body = netlink.AppendNumber(body, unix.RTA_IIF, uint32(in))
	}
	if q.Mark != 0 {
		body = netlink.AppendNumber(body, unix.RTA_MARK, q.Mark)
	}
	if q.Protocol != "" {
		number, ok := map[string]byte{"tcp": unix.IPPROTO_TCP, "udp": unix.IPPROTO_UDP}[q.Protocol]
		if !ok {
			return nil, lang.RecordErrorf("no such protocol: %s", q.Protocol)
		}
		body = netlink.AppendAttribute(body, unix.RTA_IP_PROTO, []byte{number})
		body = netlink.AppendAttribute(body, unix.RTA_DPORT, binary.BigEndian.AppendUint16(nil, q.Port))
	}
	return body, nil
}

// routeTypes by number (include/uapi/linux/rtnetlink.h, RTN_*). Those that refuse
// a packet come as errors.
var routeTypes = map[byte]string{
	unix.RTN_UNICAST: "unicast", unix.RTN_LOCAL: "local", unix.RTN_BROADCAST: "broadcast", unix.RTN_ANYCAST: "anycast", unix.RTN_MULTICAST: "multicast",
}

// parseRoute reads an answer to RTM_GETROUTE and returns the number of the
// interface by which the packet leaves.
func parseRoute(body []byte, out *snapshot.NetRoute) (index int, err error) {
	err = netlink.Attributes(body, unix.SizeofRtMsg, func(kind uint16, value []byte) (err error) {
		switch kind {
		case unix.RTA_OIF:
			index, err = number(value)
		case unix.RTA_GATEWAY:
			out.Via, err = address(value)
		case unix.RTA_VIA: // a next hop of the other family, which comes first
			if len(value) < 2 {
				return errors.New(lang.N("next hop without an address"))
			}
			out.Via, err = address(value[2:])
		case unix.RTA_PREFSRC:
			out.Prefer, err = address(value)
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	kind, ok := routeTypes[body[7]]
	if !ok {
		return 0, lang.RecordErrorf("route of type %d", body[7])
	}
	out.Kind = kind
	return index, nil
}

func address(value []byte) (string, error) {
	a, ok := netip.AddrFromSlice(value)
	if !ok {
		return "", lang.RecordErrorf("address of %d bytes", len(value))
	}
	return a.String(), nil
}

// refusal6 says why a packet of IPv6 that comes by an interface is not taken. Of
// IPv4 a look-up tells all; of IPv6 this is looked at elsewhere
// (net/ipv6/ip6_input.c, ip6_rcv_core; net/ipv6/ip6_output.c, ip6_forward).
func (a *asker) refusal6(q Question, in *device, kind string) (why string, err error) {
	const all = "net.ipv6.conf.all.forwarding"
	if a.forwards6 == "" {
		if a.forwards6, err = setting(all); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	disable, disabled := in.conf6("disable_ipv6")
	_, forced := in.conf6("force_forwarding")
	switch {
	case q.Source.IsLoopback() && !in.Loopback, q.Source.IsMulticast():
		return "no address to come from", nil
	case disabled != "0":
		return disable + " is not 0", nil
	case kind != "unicast":
		return "", nil
	case q.Source.IsUnspecified(), q.Source.IsLinkLocalUnicast():
		return "no address to be forwarded", nil
	case a.forwards6 == "0" && forced != "1":
		return all + " is 0", nil
	}
	return "", nil
}
