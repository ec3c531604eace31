package apimodel

import (
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// Options of the bridge driver.
const (
	bridgeName = "com.docker.network.bridge.name"
	bridgeICC  = "com.docker.network.bridge.enable_icc"
	bridgeIP   = "com.docker.network.bridge.host_binding_ipv4"
)

// Network is what is needed of an element of GET /networks, or of the body of
// POST /networks/create.
type Network struct {
	ID                            string `json:"Id"`
	Name, Driver, Scope           string
	Internal, EnableIPv6, Ingress bool
	Attachable                    bool
	IPAM                          struct{ Config []struct{ Subnet string } }
	Options, Labels               map[string]string
}

// FromNetwork turns a network of the Engine API into one of the snapshot. The source
// names the document: "GET /networks/web".
func FromNetwork(n Network, source string) snapshot.Network {
	at := func(option string) snapshot.Origin { return snapshot.At("Options."+option, source) }
	out := snapshot.Network{
		ID: n.ID, Name: n.Name, Driver: n.Driver, Scope: n.Scope,
		Internal: n.Internal, IPv6: n.EnableIPv6, Ingress: n.Ingress, Attachable: n.Attachable,
		Project:   n.Labels[LabelProject],
		Bridge:    snapshot.None[string](at(bridgeName)),
		ICC:       snapshot.None[bool](at(bridgeICC)),
		Encrypted: snapshot.None[bool](at("encrypted")),

		NetworkOptions: networkOptions(n.Driver, n.Options, source),

		Labels: snapshot.See(snapshot.RedactLabels(n.Labels), snapshot.At("Labels", source)),
	}
	for _, config := range n.IPAM.Config {
		if config.Subnet != "" {
			out.Subnets = append(out.Subnets, config.Subnet)
		}
	}
	switch n.Driver {
	case "bridge":
		out.Bridge = snapshot.See(bridgeOf(n), at(bridgeName))
		out.ICC = iccOf(n, at(bridgeICC))
	case "overlay":
		// The option counts by being there (libnetwork, drivers/overlay).
		_, encrypted := n.Options["encrypted"]
		out.Encrypted = snapshot.See(encrypted, at("encrypted"))
	}
	return out
}

// bridgeOf is the name of the bridge: given, or made of the network's id.
func bridgeOf(n Network) string {
	if name := n.Options[bridgeName]; name != "" || len(n.ID) < 12 {
		return name
	}
	return "br-" + n.ID[:12]
}

// iccOf: containers of a bridge reach each other unless the option says no.
func iccOf(n Network, o snapshot.Origin) snapshot.Fact[bool] {
	text, given := n.Options[bridgeICC]
	if !given {
		return snapshot.See(true, o)
	}
	on, err := strconv.ParseBool(text)
	if err != nil {
		return snapshot.Lost[bool](snapshot.Gap{Reason: snapshot.ReasonMalformed, Detail: lang.Recordf("the option is %q", text)}, o)
	}
	return snapshot.See(on, o)
}

// networkOptions reads the options of a network that decide who reaches it
// (moby, libnetwork/drivers/bridge/labels.go, drivers/macvlan, drivers/ipvlan).
func networkOptions(driver string, options map[string]string, source string) snapshot.NetworkOptions {
	option := func(name string, ofDriver bool) snapshot.Fact[string] {
		o := snapshot.At("Options."+name, source)
		if !ofDriver {
			return snapshot.None[string](o)
		}
		return snapshot.See(options[name], o)
	}
	bridge, link := driver == "bridge", driver == "macvlan" || driver == "ipvlan"
	return snapshot.NetworkOptions{
		GatewayMode4: option("com.docker.network.bridge.gateway_mode_ipv4", bridge),
		GatewayMode6: option("com.docker.network.bridge.gateway_mode_ipv6", bridge),
		HostBinding:  option(bridgeIP, bridge),
		TrustedInterfaces: snapshot.Map(option("com.docker.network.bridge.trusted_host_interfaces", bridge), func(s string) []string {
			return strings.FieldsFunc(s, func(r rune) bool { return r == ':' })
		}),
		Parent:   option("parent", link),
		LinkMode: option(driver+"_mode", link),
	}
}
