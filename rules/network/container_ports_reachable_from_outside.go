package network

import (
	"net/netip"
	"slices"

	"seawall/lang"
	"seawall/reach/matrix"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/internal/ways"
	"seawall/snapshot"
)

func portsReachable() *rule.Rule {
	return &rule.Rule{
		ID:       "container-ports-reachable-from-outside",
		Title:    "Ports of containers that are not published can be reached from other machines",
		Severity: rule.Medium,
		Why: "The packet filters forward any connection from other machines to the containers of this network. A neighbour on the link only has to add a route to its subnet; where the containers have global IPv6 addresses, all of the internet is let in. " +
			"Databases, caches and debug ports that were never published are then open. So it is with engines before 28.0 where the policy of FORWARD is ACCEPT or rules of one's own come first, and without the engine's rules (iptables, ip6tables off).",
		Fix: rule.Fix{
			Text:   "Let the engine write its rules, drop what is forwarded by default, and remove rules that let all of FORWARD through.",
			Shell:  "sudo iptables -P FORWARD DROP\nsudo ip6tables -P FORWARD DROP",
			Daemon: `{"iptables": true, "ip6tables": true}`,
			Breaks: "Machines that reach containers at their own addresses, and other traffic that the host routes; let it through in DOCKER-USER. Policies set by hand are gone after a restart unless they are saved.",
		},
		Refs: rule.Refs{NIST: "4.3.3 4.4.2", ATTACK: "T1133 T1046", Guide: "G12 G14", Docs: "Packet filtering and firewalls"},
		Bad: []rule.Example{
			{Show: "the rules of an engine before 28.0, and a policy that lets through", Firewall: "iptables -t raw -F PREROUTING\niptables -F DOCKER\niptables -P FORWARD ACCEPT", Facts: example.Running(web)},
			{Show: "a rule of one's own, and an engine before 28.0", Firewall: "iptables -t raw -F PREROUTING\niptables -I DOCKER-USER -i eth0 -j ACCEPT", Facts: example.Running(web)},
			{Show: "the same for IPv6", Firewall: "ip6tables -t raw -F PREROUTING\nip6tables -I DOCKER-USER -i eth0 -j ACCEPT", Facts: example.Running(web6)},
		},
		Good: []rule.Example{
			{Show: "an engine 28.5", Facts: example.Running(web, web6)},
			{Show: "a policy that lets through, and the rules of an engine 28.5", Firewall: "iptables -P FORWARD ACCEPT", Facts: example.Running(web)},
			{Show: "a rule of one's own for the internet, which does not lead to private addresses", Firewall: "iptables -t raw -F PREROUTING\niptables -I DOCKER-USER -i eth0 ! -s 192.0.2.0/24 -j ACCEPT", Facts: example.Running(web)},
		},
		Network: onContainers(checkPortsReachable),
	}
}

// Containers of the examples, on networks of their own.
var (
	web  = example.Container{Name: "web", Network: "app", IPv4: "172.18.0.2", Project: "app"}
	db   = example.Container{Name: "db", Network: "shop", IPv4: "172.19.0.2", Project: "shop"}
	web6 = example.Container{Name: "web6", Network: "six", IPv4: "172.20.0.2", IPv6: "2001:db8:6::2"}
)

// onContainers asks a question about all ports of the containers that run on a
// bridge network.
func onContainers(ask func(*rule.Context, *ways.View, *matrix.Target, int) rule.Answer) func(*rule.Context, *snapshot.Network) rule.Answer {
	return func(c *rule.Context, n *snapshot.Network) rule.Answer {
		if n.Driver != "bridge" {
			return c.NotApplicable("not a bridge network")
		}
		if inside, ok := n.Containers.Look(c); ok && !runs(c, inside) {
			return c.NotApplicable("no container runs on %s", n.Name)
		}
		v := ways.Of(c)
		v.Containers()
		for _, i := range v.TargetsOf(c.Snapshot, c.Engine, matrix.OtherContainer) {
			if t := &v.Targets[i]; t.Network == n.Name {
				return ask(c, v, t, i)
			}
		}
		c.Missed(snapshot.At("Containers", "GET /networks/"+n.Name), snapshot.Gap{Reason: snapshot.ReasonUnresolved, Detail: lang.Sprintf("the addresses of the containers on %s are not known", n.Name)})
		return c.NotApplicable("no container on %s has an address", n.Name)
	}
}

// runs says whether one of the named containers runs.
func runs(c *rule.Context, names []string) bool {
	containers, _ := c.Engine.Containers.Look(c)
	found := false
	for i := range containers {
		if slices.Contains(names, containers[i].Name) {
			containers[i].State.Look(c)
			found = found || containers[i].Running()
		}
	}
	return found
}

// checkPortsReachable is about what the packet filters let through, whatever the
// reason. Where it is the mode nat-unprotected, network-ports-unprotected reports
// the setting, also where no machine outside gets there.
func checkPortsReachable(c *rule.Context, v *ways.View, t *matrix.Target, at int) rule.Answer {
	list := v.Who(at, ways.Asked{Sources: ways.Outside, Open: (*matrix.Way).Through, Counts: func(s *matrix.Source, w *matrix.Way) bool {
		return s.Kind == matrix.Network || isGlobal(w.To.Addr())
	}})
	if len(list) == 0 {
		return c.Pass("other machines reach no port of the containers on %s that is not published", t.Network)
	}
	v.Cite(list)
	severity, reason := rule.Medium, ""
	for _, r := range list {
		if r.Source.Kind == matrix.Internet {
			severity, reason = rule.High, "the addresses are global"
		}
	}
	return c.FailAs(severity, reason, "%s can reach all ports of %s at %s (%s)", ways.Names(list), ways.Members(t), list[0].Way.To.Addr(), ways.LetBy(list[0].Way))
}

// isGlobal says whether routers of the internet lead to an address.
func isGlobal(a netip.Addr) bool { return a.IsGlobalUnicast() && !a.IsPrivate() }
