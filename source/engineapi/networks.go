package engineapi

import (
	"cmp"
	"context"
	"slices"

	"seawall/snapshot"
	"seawall/source/apimodel"
)

const getNetworks = "GET /networks"

func (c *Client) networks(ctx context.Context) snapshot.Fact[[]snapshot.Network] {
	var list []apimodel.Network
	err := c.get(ctx, "/networks", &list)
	out := make([]snapshot.Network, 0, len(list))
	for _, n := range list {
		out = append(out, apimodel.FromNetwork(n, "GET /networks/"+n.Name))
	}
	slices.SortFunc(out, func(a, b snapshot.Network) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return read(out, err, "networks", getNetworks)
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
