package snapshot

// NetworkOptions are driver options of a network that decide who reaches its
// containers from outside. Those of another driver are absent.
type NetworkOptions struct {
	// GatewayMode4 and GatewayMode6 say how a bridge network meets the outside:
	// "nat", "nat-unprotected", "routed" or "isolated"; "" is the default, nat.
	// Engines before 27 leave them out of account.
	GatewayMode4 Fact[string] `json:"gatewayMode4,omitzero"`
	GatewayMode6 Fact[string] `json:"gatewayMode6,omitzero"`
	// HostBinding is the address of the host that ports of a bridge network are
	// published on where the container names none; "" for all.
	HostBinding Fact[string] `json:"hostBinding,omitzero"`
	// TrustedInterfaces are the interfaces of the host behind which machines may
	// address the containers of a bridge network directly.
	TrustedInterfaces Fact[[]string] `json:"trustedInterfaces,omitzero"`
	// Parent is the host's interface that a macvlan or ipvlan network is on; ""
	// for one of its own without a way out.
	Parent Fact[string] `json:"parent,omitzero"`
	// LinkMode is the mode of a macvlan or ipvlan network: "bridge", "l2", "l3",
	// "l3s", …; "" is the driver's default.
	LinkMode Fact[string] `json:"linkMode,omitzero"`
}
