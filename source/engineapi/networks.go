package engineapi

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"seawall/snapshot"
	"seawall/source/apimodel"
)

const getNetworks = "GET /networks"

// Options of the bridge driver.
const (
	bridgeName = "com.docker.network.bridge.name"
	bridgeICC  = "com.docker.network.bridge.enable_icc"
	bridgeIP   = "com.docker.network.bridge.host_binding_ipv4"
)

// networkAnswer is what is needed of an element of GET /networks.
type networkAnswer struct {
	ID                            string `json:"Id"`
	Name, Driver, Scope           string
	Internal, EnableIPv6, Ingress bool
	Attachable                    bool
	IPAM                          struct{ Config []struct{ Subnet string } }
	Options, Labels               map[string]string
}

func (c *Client) networks(ctx context.Context) snapshot.Fact[[]snapshot.Network] {
	var list []networkAnswer
	err := c.get(ctx, "/networks", &list)
	out := make([]snapshot.Network, 0, len(list))
	for _, n := range list {
		out = append(out, fromNetwork(n))
	}
	slices.SortFunc(out, func(a, b snapshot.Network) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return read(out, err, "networks", getNetworks)
}

func fromNetwork(n networkAnswer) snapshot.Network {
	source := "GET /networks/" + n.Name
	at := func(option string) snapshot.Origin { return snapshot.At("Options."+option, source) }
	out := snapshot.Network{
		ID: n.ID, Name: n.Name, Driver: n.Driver, Scope: n.Scope,
		Internal: n.Internal, IPv6: n.EnableIPv6, Ingress: n.Ingress, Attachable: n.Attachable,
		Project:   n.Labels[apimodel.LabelProject],
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
func bridgeOf(n networkAnswer) string {
	if name := n.Options[bridgeName]; name != "" || len(n.ID) < 12 {
		return name
	}
	return "br-" + n.ID[:12]
}

// iccOf: containers of a bridge reach each other unless the option says no.
func iccOf(n networkAnswer, o snapshot.Origin) snapshot.Fact[bool] {
	text, given := n.Options[bridgeICC]
	if !given {
		return snapshot.See(true, o)
	}
	on, err := strconv.ParseBool(text)
	if err != nil {
		return snapshot.Lost[bool](snapshot.Gap{Reason: snapshot.ReasonMalformed, Detail: "the option is " + strconv.Quote(text)}, o)
	}
	return snapshot.See(on, o)
}

// defaultBridge is the network that Docker makes of the daemon's own flags.
const defaultBridge = "bridge"

// addDefaultBridge takes the settings that show in the network "bridge". With
// --bridge=none there is no such network, and they stay uncollected.
func addDefaultBridge(e *snapshot.Engine) {
	networks, ok := e.Networks.Peek()
	if !ok || e.Kind != docker {
		return
	}
	for _, n := range networks {
		if n.Name == defaultBridge && n.Driver == "bridge" {
			e.Settings.ICC, e.Settings.Bridge = n.ICC, n.Bridge
		}
	}
}

// attachContainers lists for each network the running containers on it. It is
// what the containers' own facts say; so if one of those is missing, no list is
// complete.
func attachContainers(e *snapshot.Engine) {
	networks, ok := e.Networks.Peek()
	if !ok {
		return
	}
	attached, gap := containersByNetwork(e.Containers)
	for i := range networks {
		n := &networks[i]
		o := snapshot.At("Containers", "GET /networks/"+n.Name)
		if gap != nil {
			n.Containers = snapshot.Lost[[]string](*gap, o)
			continue
		}
		n.Containers = snapshot.See(attached[n.Name], o)
	}
}

func containersByNetwork(f snapshot.Fact[[]snapshot.Container]) (map[string][]string, *snapshot.Gap) {
	containers, ok := f.Peek()
	if !ok {
		gap := f.Gap()
		return nil, &gap
	}
	out := map[string][]string{}
	for i := range containers {
		c := &containers[i]
		endpoints, ok := c.Networks.Peek()
		if !ok {
			gap := c.Networks.Gap()
			return nil, &gap
		}
		if !c.Running() {
			continue
		}
		for _, endpoint := range endpoints {
			out[endpoint.Network] = append(out[endpoint.Network], c.Name)
		}
	}
	return out, nil
}
