package engine

import (
	"net/netip"
	"slices"

	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/reached"
	"seawall/attack/steps/scene"
	"seawall/lang"
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
			{Show: "a host that lets everything through", Firewall: "iptables -t raw -F PREROUTING\niptables -F DOCKER\niptables -P FORWARD ACCEPT", Facts: example.Together(scene.ICC("bridge", true), example.Running(example.Container{Name: "web", Network: "bridge", IPv4: "172.17.0.2"}))},
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
	out := q.Instances()
	add := func(name string, list []reached.Sender) {
		for _, i := range reached.Instances(lang.Sprintf("the containers of network %s", name), outside(list)) {
			i.To, i.What = to(name), name
			i.Ends = []attack.Change{{Kind: change.KeepDirect, Engine: q.Engine.Name, Detail: name}}
			out = append(out, i)
		}
	}
	if why := reached.Unread(q); why != "" {
		for _, n := range networks {
			if n.Driver == "bridge" {
				add(n.Name, notLed(reached.Everyone(q, why), !ledFromInternet(q, n.Name)))
			}
		}
		return out
	}
	m := q.Reach()
	for _, t := range m.TargetsOf(q.Snapshot, q.Engine, matrix.OtherContainer) {
		private := !slices.ContainsFunc(m.Targets[t].Addresses, func(a netip.Addr) bool { return !a.IsPrivate() })
		add(m.Targets[t].Network, notLed(reached.Senders(q, m, t), private))
	}
	for _, n := range networks {
		if _, seen := n.Bridge.Peek(); !seen && n.Driver == "bridge" {
			out = append(out, unplacedInstances(q, n.Name, cond.Lost(n.Bridge))...)
		}
	}
	if !known {
		out = append(out, unplacedInstances(q, "", cond.Lost(q.Engine.Networks))...)
	}
	return append(out, unplacedNetworks(q)...)
}

// notLed leaves out the internet where addresses are private: it does not lead to such.
func notLed(list []reached.Sender, private bool) []reached.Sender {
	return slices.DeleteFunc(list, func(s reached.Sender) bool { return private && s.State.Kind == attack.Internet })
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
	out := q.Instances()
	containers, _ := q.Engine.Containers.Look(q)
	for i := range containers {
		c := &containers[i]
		_, runs := c.State.Peek()
		endpoints, placed := c.Networks.Peek()
		names := []string{}
		var w []rule.MissingFact
		switch {
		case !runs:
			w = cond.Lost(c.State)
			for _, e := range endpoints {
				names = append(names, e.Network)
			}
		case !placed && c.Running():
			w, names = cond.Lost(c.Networks), []string{""}
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
		Unknown: true, Missing: w, Ends: []attack.Change{{Kind: change.KeepDirect, Engine: q.Engine.Name, Detail: network}},
	}
	near, far := i, i
	near.From, far.From = attack.State{Kind: attack.LAN}, attack.State{Kind: attack.Internet}
	if !ledFromInternet(q, network) {
		return append(q.Instances(), near)
	}
	return append(q.Instances(), near, far)
}
