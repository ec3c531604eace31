package engine

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

func familiesDiffer() *rule.Rule {
	return &rule.Rule{
		ID:       "ipv6-not-filtered-like-ipv4",
		Title:    "What the host's rules close on IPv4 is open on IPv6",
		Severity: rule.High,
		Why: "iptables and ip6tables are two sets of rules, and a host with a global IPv6 address is reached by both. Here connections from other machines that are stopped on the one get through on the other: " +
			"all ports of the host, the API, or a published port. Who looks finds the open side.",
		Fix: rule.Fix{
			Text:   "Give both families the same rules: by ip6tables, by a table of nft of the family inet, or by ufw with IPV6=yes.",
			Shell:  "sudo ip6tables -A INPUT -i lo -j ACCEPT\nsudo ip6tables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\nsudo ip6tables -A INPUT -p ipv6-icmp -j ACCEPT\nsudo ip6tables -A INPUT -p tcp --dport 22 -j ACCEPT\nsudo ip6tables -P INPUT DROP",
			Daemon: `{"ip6tables": true}`,
			Breaks: "Clients that came in by IPv6. Without the rule for ICMPv6 the host loses its neighbours.",
		},
		Refs: rule.Refs{NIST: "4.5.1 4.4.2", ATTACK: "T1133 T1562.004", Guide: "G12", Docs: "Packet filtering and firewalls"},
		Bad: []rule.Example{
			{Show: "rules for IPv4 only", Firewall: "ip6tables -P INPUT ACCEPT", Facts: func(*snapshot.Snapshot) {}},
			{Show: "rules for IPv6 only", Firewall: "iptables -P INPUT ACCEPT", Facts: func(*snapshot.Snapshot) {}},
			{Show: "a published port that a rule closes on IPv4", Firewall: "iptables -I DOCKER-USER -i eth0 -j DROP", Facts: onBothFamilies},
		},
		Good: []rule.Example{
			{Show: "rules for both", Facts: onBothFamilies},
			{Show: "none for either", Firewall: "iptables -P INPUT ACCEPT\nip6tables -P INPUT ACCEPT", Facts: onBothFamilies},
			{Show: "one address that is let in on IPv4", Firewall: "iptables -A INPUT -s 192.0.2.7 -j ACCEPT", Facts: onBothFamilies},
		},
		Engine: checkFamiliesDiffer,
	}
}

// onBothFamilies runs a container whose port is published on both.
func onBothFamilies(s *snapshot.Snapshot) {
	example.Running(example.Container{Name: "web", Network: "six", IPv4: "172.20.0.2", IPv6: "2001:db8:6::2",
		Ports: []snapshot.Port{{HostPort: "8080", Port: 80, Protocol: "tcp"}}})(s)
}

// checkFamiliesDiffer compares the families for all other ports of the host, and
// for those of the engine. That a port of the engine is closed on IPv6 and open on
// IPv4 is nothing strange: it was not asked for there.
func checkFamiliesDiffer(c *rule.Context, e *snapshot.Engine) rule.Answer {
	v := ways.Of(c)
	v.Containers()
	e.Settings.Rootless.Look(c) // decides in which network ports are published
	e.Listeners.Look(c)
	containers, _ := e.Containers.Look(c)
	for i := range containers {
		if containers[i].Running() {
			containers[i].Ports.Look(c)
		}
	}
	var texts []string
	for _, kind := range []matrix.TargetKind{matrix.OtherHost, matrix.API, matrix.Published} {
		for _, i := range v.TargetsOf(c.Snapshot, e, kind) {
			if text := differs(v, i); text != "" {
				texts = append(texts, text)
			}
		}
	}
	switch {
	case len(texts) > 0:
		return c.Fail("the families are not filtered alike: %s", lang.Semicolon(texts))
	case !slices.ContainsFunc(v.TargetsOf(c.Snapshot, e, matrix.OtherHost), func(i int) bool { return hasBoth(&v.Targets[i]) }):
		return c.NotApplicable("the host has no addresses of both families")
	}
	return c.Pass("connections from other machines are let through on IPv6 as on IPv4")
}

// hasBoth says whether a target has addresses of both families.
func hasBoth(t *matrix.Target) bool {
	return slices.ContainsFunc(t.Addresses, netip.Addr.Is4) && slices.ContainsFunc(t.Addresses, netip.Addr.Is6)
}

// differs says where a target is open on one family only; "" for nowhere.
func differs(v *ways.View, target int) string {
	t := &v.Targets[target]
	for i := range v.Sources {
		if !ways.Outside(&v.Sources[i]) {
			continue
		}
		four, six := v.Split(i, target, false), v.Split(i, target, true)
		open, closed, on := six, four, "IPv6"
		if t.Kind == matrix.OtherHost && six.None() {
			open, closed, on = four, six, "IPv4"
		}
		if open.All() && closed.None() {
			v.Cite([]ways.Reached{{Source: &v.Sources[i], Way: open.Let}})
			return lang.Sprintf("%s is open to %s on %s only (%s, %s)", t.Name, v.Sources[i].Name, on, ways.LetBy(open.Let), closed.Stop.By)
		}
	}
	return ""
}
