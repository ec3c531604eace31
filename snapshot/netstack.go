package snapshot

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
	// Listeners are the sockets that listen on TCP, and those bound on UDP.
	Listeners Fact[[]NetListener] `json:"listeners,omitzero"`
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
	Kind     string `json:"kind,omitempty"`
	Loopback bool   `json:"loopback,omitempty"`
	Up       bool   `json:"up"`
	// Master is the bridge or other interface that this one is a port of.
	Master string `json:"master,omitempty"`
	// Peer is the number of the other end of a veth, or of the interface that a
	// macvlan or ipvlan lies on, in the namespace PeerNamespace; 0 for none.
	Peer int `json:"peer,omitempty"`
	// ForeignPeer: the other end is in another namespace.
	ForeignPeer bool `json:"foreignPeer,omitempty"`
	// Addresses with their prefix lengths: "172.17.0.1/16".
	Addresses []string `json:"addresses,omitempty"`
	// Isolated: a port of a bridge that exchanges nothing with other isolated
	// ports.
	Isolated bool `json:"isolated,omitempty"`
	// Program is the kind of a program that may take packets past the filters:
	// "xdp" or "tc"; "" for none.
	Program string `json:"program,omitempty"`
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
	Inode  uint64 `json:"inode"`
}

// NetRoute is where the kernel sends a packet (RTM_GETROUTE).
type NetRoute struct {
	// In is the interface by which it comes; "" for one sent from here.
	In string `json:"in,omitempty"`
	// Source is its source address; "" where the kernel chooses.
	Source      string `json:"source,omitempty"`
	Destination string `json:"destination"`
	Mark        uint32 `json:"mark,omitempty"`
	// Kind is "local", "unicast", "broadcast", "multicast", "blackhole",
	// "unreachable", "prohibit"; or "refused" where the kernel takes no such
	// packet (a source that cannot come that way, forwarding off), with its error.
	Kind  string `json:"kind"`
	Error string `json:"error,omitempty"`
	Out   string `json:"out,omitempty"`
	// Via is the next hop; "" for one on the same link.
	Via string `json:"via,omitempty"`
	// Prefer is the source address that the kernel would choose.
	Prefer string `json:"prefer,omitempty"`
}
