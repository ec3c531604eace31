package steps

import (
	"net/netip"
	"slices"

	"seawall/attack"
	"seawall/reach/matrix"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func directRouting() *attack.Step {
	return &attack.Step{
		ID: "direct-routing-to-container", Title: "Send to the containers' own addresses through the host",
		Why:  "A host that forwards leads whatever its rules let through to the addresses of containers, also for ports that are not published: a neighbour needs a route to them by the host. Engines before 28 have no rule of their own against it.",
		At:   rule.KindEngine,
		From: attack.LAN, To: attack.Network,
		ATTACK: "T1133", Cost: 2, CostReason: "a route to the containers' network by the host",
		Each:  directSenders,
		Rules: []string{"container-ports-reachable-from-outside"},
		Proof: "the packet filters and routes of the host; 'seawall reach' follows the connection",
		Bad: []rule.Example{
			{Show: "a host that lets everything through", Firewall: "iptables -t raw -F PREROUTING\niptables -F DOCKER\niptables -P FORWARD ACCEPT", Facts: example.Together(icc("bridge", true), example.Running(example.Container{Name: "web", Network: "bridge", IPv4: "172.17.0.2"}))},
		},
		Good: []rule.Example{
			{Show: "the rules of an engine 28", Facts: example.Running(example.Container{Name: "web", Network: "bridge", IPv4: "172.17.0.2"})},
			{Show: "no container", Firewall: "iptables -t raw -F PREROUTING\niptables -F DOCKER\niptables -P FORWARD ACCEPT"},
		},
	}
}

// directSenders are those outside who reach ports of containers that are not
// published, by the networks that these are on.
func directSenders(q *attack.Query) []attack.Instance {
	networks, known := q.Engine.Networks.Look(q)
	to := func(name string) attack.State {
		return attack.State{Kind: attack.Network, Engine: q.Engine.Name, Name: name}
	}
	var out []attack.Instance
	add := func(name string, list []sender) {
		for _, i := range instances("the containers of network "+name, outside(list)) {
			i.To, i.What = to(name), name
			i.Ends = []attack.Change{{Kind: keepDirect, Engine: q.Engine.Name, Detail: name}}
			out = append(out, i)
		}
	}
	if why := unread(q); why != "" {
		for _, n := range networks {
			if n.Driver == "bridge" {
				add(n.Name, notLed(everyone(q, why), !ledFromInternet(q, n.Name)))
			}
		}
		return out
	}
	m := q.Reach()
	for _, t := range m.TargetsOf(q.Snapshot, q.Engine, matrix.OtherContainer) {
		private := !slices.ContainsFunc(m.Targets[t].Addresses, func(a netip.Addr) bool { return !a.IsPrivate() })
		add(m.Targets[t].Network, notLed(senders(q, m, t), private))
	}
	for _, n := range networks {
		if _, seen := n.Bridge.Peek(); !seen && n.Driver == "bridge" {
			out = append(out, unplacedInstances(q, n.Name, lost(n.Bridge))...)
		}
	}
	if !known {
		out = append(out, unplacedInstances(q, "", lost(q.Engine.Networks))...)
	}
	return append(out, unplacedNetworks(q)...)
}

// notLed leaves out the internet where addresses are private: it does not lead to such.
func notLed(list []sender, private bool) []sender {
	return slices.DeleteFunc(list, func(s sender) bool { return private && s.state.Kind == attack.Internet })
}

// ledFromInternet says whether the internet may lead to the addresses of a network:
// not if all are private ones, of RFC 1918 and RFC 4193.
func ledFromInternet(q *attack.Query, network string) bool {
	networks, _ := q.Engine.Networks.Look(q)
	i := slices.IndexFunc(networks, func(n snapshot.Network) bool { return n.Name == network })
	return i < 0 || len(networks[i].Subnets) == 0 || slices.ContainsFunc(networks[i].Subnets, func(subnet string) bool {
		p, err := netip.ParsePrefix(subnet)
		return err != nil || !p.Addr().IsPrivate()
	})
}

// unplacedNetworks are those of containers of which it is not known whether they run
// or which networks they are on.
func unplacedNetworks(q *attack.Query) []attack.Instance {
	var out []attack.Instance
	containers, _ := q.Engine.Containers.Look(q)
	for i := range containers {
		c := &containers[i]
		_, runs := c.State.Peek()
		endpoints, placed := c.Networks.Peek()
		names := []string{}
		var w []rule.MissingFact
		switch {
		case !runs:
			w = lost(c.State)
			for _, e := range endpoints {
				names = append(names, e.Network)
			}
		case !placed && c.Running():
			w, names = lost(c.Networks), []string{""}
		}
		for _, name := range names {
			out = append(out, unplacedInstances(q, name, w)...)
		}
	}
	return out
}

// unplacedInstances say that who is outside may reach the containers of a network, and
// which fact would tell.
func unplacedInstances(q *attack.Query, network string, w []rule.MissingFact) []attack.Instance {
	i := attack.Instance{
		To: attack.State{Kind: attack.Network, Engine: q.Engine.Name, Name: network}, What: network,
		Unknown: true, Missing: w, Ends: []attack.Change{{Kind: keepDirect, Engine: q.Engine.Name, Detail: network}},
	}
	near, far := i, i
	near.From, far.From = attack.State{Kind: attack.LAN}, attack.State{Kind: attack.Internet}
	if !ledFromInternet(q, network) {
		return []attack.Instance{near}
	}
	return []attack.Instance{near, far}
}

func routeLocalnet() *attack.Step {
	return &attack.Step{
		ID: "route-localnet-exposure", Title: "Send frames for the host's loopback address",
		Why: "With net.ipv4.conf.*.route_localnet the kernel takes packets for 127.0.0.1 from a network, which an engine without userland-proxy sets on its bridges. " +
			"Services that listen there, often without a password, take whoever makes such frames for a program of the host.",
		At:   rule.KindHost,
		From: attack.ContainerRoot, To: attack.Secret,
		ATTACK: "T1210", Cost: 2, CostReason: "frames made by hand, and a service that trusts who connects from the host",
		Each:  loopbackSenders,
		Rules: []string{"host-sysctl-route-localnet"},
		Proof: "the settings of the kernel, the packet filters, and the sockets that listen on the host",
		Bad: []rule.Example{
			{Show: "sysctl -w net.ipv4.conf.all.route_localnet=1", Facts: example.Together(besideHostService(), loopbackDatabase, example.NetSetting("net.ipv4.conf.all.route_localnet", "1")), Firewall: "iptables -t raw -F PREROUTING\niptables -P INPUT ACCEPT"},
		},
		Good: []rule.Example{
			{Show: "the kernel's own setting", Firewall: "iptables -t raw -F PREROUTING\niptables -P INPUT ACCEPT", Facts: example.Together(besideHostService(), loopbackDatabase)},
			{Show: "sysctl -w net.ipv4.conf.all.route_localnet=1", Firewall: "iptables -t raw -F PREROUTING\niptables -P INPUT ACCEPT\niptables -t raw -I PREROUTING ! -i lo -d 127.0.0.0/8 -j DROP",
				Facts: example.Together(besideHostService(), loopbackDatabase, example.NetSetting("net.ipv4.conf.all.route_localnet", "1"))},
		},
	}
}

// loopbackSenders are the services of the host on loopback addresses that frames from
// elsewhere get to, with who makes them.
func loopbackSenders(q *attack.Query) []attack.Instance {
	services, _ := q.Host.Services.Look(q)
	var out []attack.Instance
	for i := range services {
		s := &services[i]
		if !loopbackOnly(s) {
			continue
		}
		for _, i := range instances(s.String(), framesTo(q, s)) {
			i.To, i.What = attack.State{Kind: attack.Secret, Name: "what the host's service " + loopbackName(s) + " gives"}, s.String()
			i.Ends = []attack.Change{{Kind: dropMartians}}
			if i.From.Kind == attack.ContainerRoot {
				i.Ends = append(i.Ends, attack.Change{Kind: dropCapability, Engine: i.From.Engine, Subject: i.From.Name, Detail: "NET_RAW"})
			}
			out = append(out, i)
		}
	}
	return out
}

// framesTo are those who get to a loopback address by frames that are made by hand.
func framesTo(q *attack.Query, s *snapshot.Service) []sender {
	why := unreadHost(q)
	target := -1
	if why == "" {
		if target = serviceTarget(q, s); target < 0 {
			why = "it was not asked who reaches it"
		}
	}
	var out []sender
	if why != "" {
		for _, s := range everyone(q, why) {
			switch s.state.Kind {
			case attack.Container:
				s.state.Kind = attack.ContainerRoot
				out = append(out, s)
			case attack.LAN:
				out = append(out, s)
			}
		}
		return out
	}
	for _, s := range senders(q, q.Reach(), target) {
		if s.state.Kind == attack.Container && s.unknown != "" {
			s.state.Kind = attack.ContainerRoot
		}
		if s.state.Kind == attack.ContainerRoot || s.state.Kind == attack.LAN {
			out = append(out, s)
		}
	}
	return out
}
