package example

import (
	"maps"
	"net/netip"
	"slices"

	"seawall/snapshot"
)

// Container is a container that runs, by the network that it is attached to and
// its addresses there. The network is made, with a bridge of its own, if the
// example has none of that name.
type Container struct {
	Name, Network, IPv4, IPv6, Project string
	Ports                              []snapshot.Port
	Caps                               snapshot.CapSet // none: Docker's
}

// Running adds containers that run to the example's engine.
func Running(containers ...Container) func(*snapshot.Snapshot) {
	return Engine(func(e *snapshot.Engine) {
		for _, c := range containers {
			c.attach(e)
			Add(&e.Containers, c.running(uint64(4026540000+len(c.Name)+len(c.IPv4))))
		}
	})
}

// Together makes one change of several.
func Together(changes ...func(*snapshot.Snapshot)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		for _, change := range changes {
			change(s)
		}
	}
}

func (c Container) running(namespace uint64) snapshot.Container {
	at := func(path string) snapshot.Origin { return snapshot.At(path, "GET /containers/"+c.Name+"/json") }
	if c.Caps == 0 {
		c.Caps = snapshot.DefaultCaps
	}
	endpoints := []snapshot.Endpoint{{Network: c.Network, IPv4: c.IPv4, IPv6: c.IPv6}}
	if c.Network == "host" {
		endpoints[0] = snapshot.Endpoint{Network: "host"}
	}
	return snapshot.Container{
		ID: "id-" + c.Name, Name: c.Name, Project: c.Project,
		State:       snapshot.See("running", at("State.Status")),
		NetworkMode: snapshot.See(c.Network, at("HostConfig.NetworkMode")),
		Networks:    snapshot.See(endpoints, at("NetworkSettings.Networks")),
		Ports:       snapshot.See(c.Ports, at("NetworkSettings.Ports")),
		Process: snapshot.See(snapshot.Process{
			PID:          4711,
			CapEffective: snapshot.See(c.Caps, snapshot.At("CapEff", "/proc/4711/status")),
			Namespaces:   snapshot.See(c.namespaces(namespace), snapshot.At("ns", "/proc/4711/ns")),
		}, at("State.Pid")),
	}
}

// namespaces are the container's, where the network is its own if it is not the
// host's.
func (c Container) namespaces(own uint64) map[string]snapshot.Namespace {
	if c.Network == "host" {
		return map[string]snapshot.Namespace{"net": {Inode: 4026531840, Host: true}}
	}
	return map[string]snapshot.Namespace{"net": {Inode: own}}
}

// attach puts the container into its network.
func (c Container) attach(e *snapshot.Engine) {
	networks, _ := e.Networks.Peek()
	networks = slices.Clone(networks)
	at := slices.IndexFunc(networks, func(n snapshot.Network) bool { return n.Name == c.Network })
	switch {
	case c.Network == "host" || c.Network == "none":
		return
	case at < 0:
		n := networks[0]
		n.ID, n.Name, n.Project, n.Subnets, n.Containers = "n-"+c.Network, c.Network, c.Project, nil, snapshot.See([]string(nil), n.Containers.Origin())
		Set(&n.Bridge, "br-"+c.Network)
		Set(&n.HostBinding, "")
		at, networks = len(networks), append(networks, n)
	}
	n := &networks[at]
	for _, address := range []string{c.IPv4, c.IPv6} {
		if a, err := netip.ParseAddr(address); err == nil {
			bits := map[bool]int{true: 16, false: 64}[a.Is4()]
			if subnet := netip.PrefixFrom(a, bits).Masked().String(); !slices.Contains(n.Subnets, subnet) {
				n.Subnets = append(slices.Clone(n.Subnets), subnet)
			}
		}
	}
	n.IPv6 = n.IPv6 || c.IPv6 != ""
	Add(&n.Containers, c.Name)
	Set(&e.Networks, networks)
}

// NetSetting sets a kernel setting of the network of the example's host.
func NetSetting(name, value string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		stack, _ := s.Net[0].Stack.Peek()
		stack.Settings = maps.Clone(stack.Settings)
		stack.Settings[name] = value
		Set(&s.Net[0].Stack, stack)
	}
}
