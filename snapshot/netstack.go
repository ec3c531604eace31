package snapshot

// NetSpace is a network namespace of this machine.
type NetSpace struct {
	// Namespace is its inode number, as /proc/PID/ns/net shows it.
	Namespace uint64 `json:"namespace"`
	// Host: it is that of the machine's first process.
	Host  bool           `json:"host,omitempty"`
	Stack Fact[NetStack] `json:"stack,omitzero"`
}

// NetSpace is a network namespace that was read, or tried to be; nil for others.
func (s *Snapshot) NetSpace(namespace uint64) *NetSpace {
	for i := range s.Net {
		if s.Net[i].Namespace == namespace {
			return &s.Net[i]
		}
	}
	return nil
}

// NetProbe is a connection that was tried from a network namespace.
type NetProbe struct {
	Namespace uint64 `json:"namespace"`
	// Address and port that it was opened to, over TCP.
	Address string `json:"address"`
	// Outcome is "opened", "refused" (nobody listens, or a rule says so),
	// "unreachable" (an error of the kernel or of a router), "timeout" (no answer),
	// or "not tried". Why says more of the last, and of one that is unreachable.
	Outcome string `json:"outcome"`
	Why     string `json:"why,omitempty"`
	// Service is who answered a plain GET /_ping, where that was asked: "engine" as
	// the Engine API answers a stranger, "tls", "other", or "silent".
	Service string `json:"service,omitempty"`
}

// NetStack is one network namespace as its kernel knows it.
type NetStack struct {
	// Namespace is its inode number, as /proc/PID/ns/net shows it.
	Namespace uint64 `json:"namespace"`
	// Interfaces in the order of their numbers.
	Interfaces []NetInterface `json:"interfaces,omitempty"`
	// Settings are the kernel's settings that decide where packets go, by their
	// dotted names: net.ipv4.ip_forward, net.ipv4.conf.NAME.route_localnet,
	// net.bridge.bridge-nf-call-iptables, … One this kernel does not have is left
	// out; an interface's name may hold dots.
	Settings map[string]string `json:"settings,omitempty"`
	// Listeners are the sockets that listen on TCP, and those bound on UDP that
	// take datagrams of anybody.
	Listeners Fact[[]NetListener] `json:"listeners,omitzero"`
	// Programs may take packets past the filters, change or drop them.
	Programs Fact[[]NetProgram] `json:"programs,omitzero"`
	// Filter is what the packet filters do.
	Filter Fact[PacketFilter] `json:"filter,omitzero"`
	// Routes are the kernel's answers to what was asked.
	Routes []NetRoute `json:"routes,omitempty"`
}

// NetInterface is a network interface.
type NetInterface struct {
	Name  string `json:"name"`
	Index int    `json:"index"`
	// Kind is that of ip-link(8): "bridge", "veth", "macvlan", "ipvlan", "vxlan",
	// "wireguard", …; "" for hardware and lo.
	Kind string `json:"kind,omitempty"`
	// Mode of a macvlan: "bridge", "private", "vepa", "passthru", "source"; of an
	// ipvlan: "l2", "l3", "l3s".
	Mode     string `json:"mode,omitempty"`
	Loopback bool   `json:"loopback,omitempty"`
	// Up: it is switched on. It may still have no carrier.
	Up bool `json:"up"`
	// Master is the bridge or other interface that this one is a port of.
	Master string `json:"master,omitempty"`
	// Peer is the number of the other end of a veth, or of the interface that a
	// macvlan, ipvlan or VLAN lies on; 0 for none.
	Peer int `json:"peer,omitempty"`
	// PeerNamespace is the namespace that Peer is a number in; 0 for one that was
	// not read.
	PeerNamespace uint64 `json:"peerNamespace,omitempty"`
	// Addresses with their prefix lengths: "172.17.0.1/16".
	Addresses []string `json:"addresses,omitempty"`
	// Isolated: a port of a bridge that exchanges nothing with other isolated
	// ports.
	Isolated bool `json:"isolated,omitempty"`
	// VLANFiltering: a bridge that keeps VLANs apart.
	VLANFiltering bool `json:"vlanFiltering,omitempty"`
	// CallIPTables and CallIP6Tables: a bridge that hands what it bridges to the
	// packet filters even where net.bridge.bridge-nf-call-iptables (ip6tables) is
	// 0. Without these settings (br_netfilter is not loaded) no bridge does.
	CallIPTables  bool `json:"callIPTables,omitempty"`
	CallIP6Tables bool `json:"callIP6Tables,omitempty"`
}

// NetProgram is a program or filter that packets meet beside the packet filters.
type NetProgram struct {
	// Interface where it is; "" for one of the whole namespace.
	Interface string `json:"interface,omitempty"`
	// Kind is "xdp" or "tcx" (BPF at an interface), "tc" (filters of tc(8)), or
	// "sk_lookup" (BPF that chooses which socket takes a connection).
	Kind string `json:"kind"`
}

// NetListener is a socket that takes connections, or datagrams.
type NetListener struct {
	Protocol string `json:"protocol"` // "tcp" or "udp"
	// Address and port: "0.0.0.0:80", "[::]:443".
	Address string `json:"address"`
	// V6Only: a socket on [::] takes no IPv4.
	V6Only bool `json:"v6Only,omitempty"`
	// Device is the interface it is bound to; "" for any.
	Device string `json:"device,omitempty"`
	// Inode is the socket's number, as /proc/PID/fd shows it.
	Inode uint64 `json:"inode"`
}

// NetRoute is where the kernel sends a packet (RTM_GETROUTE): the question, and
// the answer.
type NetRoute struct {
	// In is the interface by which it comes; "" for one sent from here.
	In string `json:"in,omitempty"`
	// Source is its source address; "" where the kernel chooses.
	Source      string `json:"source,omitempty"`
	Destination string `json:"destination"`
	Mark        uint32 `json:"mark,omitempty"`
	// Protocol ("tcp", "udp") and Port it goes to, for routing rules that ask for
	// them; "" and 0 where the question names none.
	Protocol string `json:"protocol,omitempty"`
	Port     uint16 `json:"port,omitempty"`

	// Kind is "local", "unicast", "broadcast", "anycast" or "multicast"; "refused"
	// where the kernel takes or sends no such packet; "unknown" where it could not
	// be asked. Error says why for the last two: the name of the kernel's error
	// ("EXDEV"), or a sentence.
	//
	// The kernel has one error for several reasons: EXDEV, in newer kernels EINVAL,
	// for a source whose way back is another (rp_filter); EINVAL for a source or
	// destination that cannot be on that interface, and for a route of type
	// blackhole; EHOSTUNREACH for a route of type unreachable, and for forwarding
	// that is off; EACCES for one of type prohibit; ENETUNREACH for no route.
	Kind  string `json:"kind"`
	Error string `json:"error,omitempty"`
	Out   string `json:"out,omitempty"`
	// Via is the next hop; "" for one on the same link.
	Via string `json:"via,omitempty"`
	// Prefer is the source address that the kernel would choose.
	Prefer string `json:"prefer,omitempty"`
}
