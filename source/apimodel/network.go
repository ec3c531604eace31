package apimodel

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"

	"seawall/snapshot"
)

// networkMode gives the default network its name, which engines from 26 on
// store, and older ones keep as "default".
func networkMode(h *container.HostConfig) string {
	if mode := string(h.NetworkMode); mode != "" && mode != network.NetworkDefault {
		return mode
	}
	return network.NetworkBridge
}

// ownNetwork reports whether the container has a network stack of its own that
// ports can be published from.
func ownNetwork(mode string) bool {
	return mode != network.NetworkHost && mode != network.NetworkNone && !strings.HasPrefix(mode, containerPrefix)
}

// declaredPorts are the ports that publishing asks for. Those the engine picks
// itself (--publish-all) have an empty host port. A container without a
// network of its own publishes nothing, whatever it asks for.
func (b builder) declaredPorts() []snapshot.Port {
	if !ownNetwork(networkMode(b.host)) {
		return nil
	}
	ports := maps.Clone(b.host.PortBindings)
	if b.host.PublishAllPorts {
		for p := range b.config.ExposedPorts {
			if _, bound := ports[p]; !bound {
				if ports == nil {
					ports = network.PortMap{}
				}
				ports[p] = []network.PortBinding{{}}
			}
		}
	}
	return portList(ports)
}

func portList(ports network.PortMap) []snapshot.Port {
	var out []snapshot.Port
	for p, bindings := range ports {
		for _, binding := range bindings {
			out = append(out, snapshot.Port{
				HostIP: address(binding.HostIP), HostPort: binding.HostPort,
				Port: int(p.Num()), Protocol: string(p.Proto()),
			})
		}
	}
	slices.SortFunc(out, comparePorts)
	return out
}

// comparePorts orders by container port; the API's own order is a map's.
func comparePorts(a, b snapshot.Port) int {
	if a.Port != b.Port {
		return a.Port - b.Port
	}
	return slices.Compare(
		[]string{a.Protocol, a.HostIP, a.HostPort},
		[]string{b.Protocol, b.HostIP, b.HostPort},
	)
}

// endpoints are sorted by the network's name.
func endpoints(in map[string]*network.EndpointSettings) []snapshot.Endpoint {
	var out []snapshot.Endpoint
	for _, name := range slices.Sorted(maps.Keys(in)) {
		e := snapshot.Endpoint{Network: networkName(name)}
		if s := in[name]; s != nil {
			e.IPv4, e.IPv6 = address(s.IPAddress), address(s.GlobalIPv6Address)
		}
		out = append(out, e)
	}
	return out
}

// declaredEndpoints are the networks that the request names, and the one that
// the network mode stands for.
func (b builder) declaredEndpoints(net *network.NetworkingConfig) []snapshot.Endpoint {
	asked := map[string]*network.EndpointSettings{}
	if mode := networkMode(b.host); !strings.HasPrefix(mode, containerPrefix) {
		asked[mode] = nil
	}
	if net != nil {
		for name := range net.EndpointsConfig {
			asked[networkName(name)] = nil
		}
	}
	return endpoints(asked)
}

func networkName(name string) string {
	if name == network.NetworkDefault {
		return network.NetworkBridge
	}
	return name
}

func address(ip netip.Addr) string {
	if !ip.IsValid() {
		return ""
	}
	return ip.String()
}

// links writes a link as it is declared, "db:alias"; inspect gives it as
// "/db:/web/alias". Only on the default bridge does a link do more than name
// the other container; the engine keeps no others here.
func links(h *container.HostConfig) []string {
	if networkMode(h) != network.NetworkBridge {
		return nil
	}
	var out []string
	for _, link := range h.Links {
		target, alias, _ := strings.Cut(link, ":")
		alias = alias[strings.LastIndex(alias, "/")+1:]
		target = strings.TrimPrefix(target, "/")
		if alias == "" {
			alias = target
		}
		out = append(out, target+":"+alias)
	}
	slices.Sort(out) // inspect lists them in a map's order
	return out
}
