package container

import (
	"slices"

	"seawall/lang"
	"seawall/reach/matrix"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/internal/ways"
	"seawall/snapshot"
)

func bypassesFirewall() *rule.Rule {
	return &rule.Rule{
		ID:       "published-port-bypasses-host-firewall",
		Title:    "A published port is open although the host's firewall lets no such connection in",
		Severity: rule.Medium,
		Why: "The host's rules stop connections to its ports, by ufw, firewalld or rules of one's own. The engine sends those to a published port to the container before these rules are asked (nat, then FORWARD instead of INPUT). " +
			"The firewall's own listing shows the port as closed, and everybody reaches it.",
		Fix: rule.Fix{
			Text:    "Publish the port on the address where its clients are, or keep others out in DOCKER-USER, which such packets pass. If the port is meant to be open, allow it in the firewall as well, so that its rules tell the truth.",
			Run:     "-p 127.0.0.1:8080:80",
			Compose: "services:\n  web:\n    ports: [\"127.0.0.1:8080:80\"]",
			Shell:   "sudo iptables -I DOCKER-USER -i eth0 -p tcp -m conntrack --ctorigdstport 8080 --ctdir ORIGINAL ! -s 192.0.2.0/24 -j DROP\nsudo ufw allow 8080/tcp   # if it is meant to be open",
			Breaks:  "Clients at other addresses.",
			Edits:   rule.Edits{Not: "it is told of containers that run: port-published-on-all-interfaces tells of the same line in a file"},
		},
		Refs: rule.Refs{CISRelated: "5.14", NIST: "4.4.2 4.3.3", ATTACK: "T1133 T1562.004", Guide: "G12", Docs: "Packet filtering and firewalls"},
		Bad: []rule.Example{
			{Show: "docker run -p 8080:80 behind rules that let in nothing but ssh", Facts: publishing("0.0.0.0")},
			{Show: "the same on IPv6", Firewall: "iptables -P INPUT ACCEPT", Facts: publishing("::")},
		},
		Good: []rule.Example{
			{Show: "docker run -p 127.0.0.1:8080:80", Facts: publishing("127.0.0.1")},
			{Show: "a host that lets everything in", Firewall: "iptables -P INPUT ACCEPT", Facts: publishing("0.0.0.0")},
			{Show: "iptables -A INPUT -p tcp --dport 8080 -j ACCEPT: it is meant to be open", Firewall: "iptables -A INPUT -p tcp -m tcp --dport 8080 -j ACCEPT", Facts: publishing("0.0.0.0")},
			{Show: "a rule in DOCKER-USER", Firewall: "iptables -I DOCKER-USER -i eth0 -p tcp -m conntrack --ctorigdstport 8080 --ctdir ORIGINAL -j DROP", Facts: publishing("0.0.0.0")},
		},
		Container: checkBypassesFirewall,
	}
}

// publishing is a container on docker0 whose port 80 is published as 8080.
func publishing(address string) func(*snapshot.Snapshot) {
	return example.Running(example.Container{Name: "web", Network: "six", IPv4: "172.20.0.2", IPv6: "2001:db8:6::2",
		Ports: []snapshot.Port{{HostIP: address, HostPort: "8080", Port: 80, Protocol: "tcp"}}})
}

// checkBypassesFirewall compares what becomes of connections from other machines
// to the published port, and to ports of the host that no rule speaks of. Those
// over UDP are not judged: what stops TCP need not stop them.
func checkBypassesFirewall(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	ctr.State.Look(c)
	if !ctr.Running() {
		return c.NotApplicable("it does not run")
	}
	ports := slices.DeleteFunc(slices.Clone(ctr.Ports.Read(c)), func(p snapshot.Port) bool { return p.Protocol != "tcp" })
	if len(ports) == 0 {
		return c.Pass("it publishes no TCP port")
	}
	c.Engine.Settings.Rootless.Look(c) // decides in which network ports are published
	v := ways.Of(c)
	var open []string
	found := false
	for _, i := range v.TargetsOf(c.Snapshot, c.Engine, matrix.Published) {
		if t := &v.Targets[i]; t.Members[0].Name == ctr.Name && t.Protocol == "tcp" {
			found = true
			if text := bypass(v, i); text != "" {
				open = append(open, text)
			}
		}
	}
	switch {
	case len(open) > 0:
		return c.Fail("the host's rules stop connections from outside, and let those to published ports through: %s", lang.Semicolon(open))
	case !found:
		c.Missed(ctr.Ports.Origin(), snapshot.Gap{Reason: snapshot.ReasonUnresolved, Detail: lang.T("on which port of the host it is published is not known")})
	}
	return c.Pass("its published ports are as open as the host's rules say")
}

// bypass says who reaches a published port although the host's rules stop them at
// other ports, in the network that it is published in; "" for nobody. [ways.Of]
// makes sure that this network was read.
func bypass(v *ways.View, published int) string {
	t := &v.Targets[published]
	others := slices.IndexFunc(v.Targets, func(o matrix.Target) bool { return o.Kind == matrix.OtherHost && o.Space() == t.Space() })
	for i := range v.Sources {
		for _, ipv6 := range []bool{false, true} {
			if !ways.Outside(&v.Sources[i]) || v.Allowed(t.Space(), ipv6, t.Port) {
				continue
			}
			host, port := v.Split(i, others, ipv6), v.Split(i, published, ipv6)
			if ways.Overlap(host, port) {
				v.Cite([]ways.Reached{{Source: &v.Sources[i], Way: port.Let}})
				return lang.Sprintf("%s to %s at %s (%s), where %s", t.Name, v.Sources[i].Name, port.Let.To, ways.LetBy(port.Let), host.Stop.By)
			}
		}
	}
	return ""
}
