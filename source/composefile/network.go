package composefile

import (
	"cmp"
	"maps"
	"slices"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/moby/moby/api/types/network"

	"seawall/snapshot"
	"seawall/source/apimodel"
)

// networks are those that a service is on; nil if it has the network of another
// container, of the host or none.
func (c converter) networks(s *types.ServiceConfig) *network.NetworkingConfig {
	if cmp.Or(s.NetworkMode, s.Net) != "" || len(s.Networks) == 0 {
		return nil
	}
	out := &network.NetworkingConfig{EndpointsConfig: map[string]*network.EndpointSettings{}}
	for name := range s.Networks {
		out.EndpointsConfig[c.networkName(name)] = nil
	}
	return out
}

// networkName is the name that a network of the project has at the engine.
func (c converter) networkName(key string) string {
	if n, has := c.project.Networks[key]; has && n.Name != "" {
		return n.Name
	}
	return c.project.Name + "_" + key
}

// volumeName is the same of a volume.
func (c converter) volumeName(key string) string {
	if v, has := c.project.Volumes[key]; has && v.Name != "" {
		return v.Name
	}
	return c.project.Name + "_" + key
}

// declaredNetworks are the networks that the project makes: of others nothing is known.
func (c converter) declaredNetworks(at func(path string) string) []snapshot.Network {
	var out []snapshot.Network
	for _, key := range slices.Sorted(maps.Keys(c.project.Networks)) {
		n := c.project.Networks[key]
		if n.External {
			continue
		}
		labels := map[string]string{}
		maps.Copy(labels, n.Labels)
		labels[apimodel.LabelProject] = c.project.Name
		asked := apimodel.Network{
			Name: c.networkName(key), Driver: cmp.Or(n.Driver, "bridge"), Scope: "local", Internal: n.Internal, Attachable: n.Attachable,
			EnableIPv6: n.EnableIPv6 != nil && *n.EnableIPv6, Options: n.DriverOpts, Labels: labels,
		}
		for _, pool := range n.Ipam.Config {
			if pool != nil {
				asked.IPAM.Config = append(asked.IPAM.Config, struct{ Subnet string }{pool.Subnet})
			}
		}
		out = append(out, apimodel.FromNetwork(asked, at("networks."+key)))
	}
	return out
}

// declaredVolumes are the volumes that the project makes.
func (c converter) declaredVolumes(at func(path string) string) []snapshot.Volume {
	var out []snapshot.Volume
	for _, key := range slices.Sorted(maps.Keys(c.project.Volumes)) {
		v := c.project.Volumes[key]
		if v.External {
			continue
		}
		out = append(out, snapshot.Volume{
			Name: c.volumeName(key), Driver: cmp.Or(v.Driver, "local"), Options: snapshot.RedactOptions(v.DriverOpts),
			Labels: snapshot.See(snapshot.RedactLabels(v.Labels), snapshot.At("labels", at("volumes."+key))),
		})
	}
	return out
}
