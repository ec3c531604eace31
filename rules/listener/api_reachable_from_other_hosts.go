package listener

import (
	"slices"

	"seawall/reach/matrix"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/internal/ways"
	"seawall/snapshot"
)

func reachableFromOthers() *rule.Rule {
	return &rule.Rule{
		ID:       "api-reachable-from-other-hosts",
		Title:    "Other machines can open a connection to the API",
		Severity: rule.Critical,
		Why: "The host's packet filters let connections to the API through. If it answers anyone, whoever is there controls the engine, and with it the host. " +
			"An address of an inner network, even docker0's, is no protection by itself: the host takes packets for each of its addresses on every interface. Neither is a rule in DOCKER-USER, which such packets do not pass.",
		Fix: rule.Fix{
			Text:   "Let only the addresses of the API's clients in, on IPv4 and IPv6, or remove the listener and use the engine by ssh.",
			Shell:  "sudo iptables -I INPUT ! -i lo -p tcp --dport 2376 -j DROP\nsudo iptables -I INPUT -s 192.0.2.7 -p tcp --dport 2376 -j ACCEPT\nsudo ip6tables -I INPUT ! -i lo -p tcp --dport 2376 -j DROP",
			Daemon: `{"hosts": ["unix:///run/docker.sock"]}`,
			Breaks: "Clients at addresses that are not named. Rules of iptables are gone after a restart unless they are saved.",
		},
		Refs: rule.Refs{CISRelated: "2.8", NIST: "4.3.1 4.4.2", ATTACK: "T1133 T1610", Guide: "G11 G12", Docs: "Protect the Docker daemon socket"},
		Bad: []rule.Example{
			{Show: "dockerd -H tcp://0.0.0.0:2375, and the host lets everything in", Firewall: "iptables -P INPUT ACCEPT", Facts: example.TCP("0.0.0.0:2375", plain)},
			{Show: "dockerd -H tcp://172.17.0.1:2375, which neighbours reach too", Firewall: "iptables -P INPUT ACCEPT", Facts: example.TCP("172.17.0.1:2375", plain)},
			{Show: "dockerd -H tcp://[::]:2375, and rules for IPv4 only", Firewall: "ip6tables -P INPUT ACCEPT", Facts: example.TCP("[::]:2375", plain)},
			{Show: "dockerd --tlsverify -H tcp://0.0.0.0:2376, open to the internet", Firewall: "iptables -A INPUT -p tcp --dport 2376 -j ACCEPT", Facts: example.TCP("0.0.0.0:2376", verified(nil))},
		},
		Good: []rule.Example{
			{Show: "dockerd -H tcp://0.0.0.0:2375, and the host lets nothing in but ssh", Facts: example.TCP("0.0.0.0:2375", plain)},
			{Show: "dockerd -H tcp://127.0.0.1:2375", Firewall: "iptables -P INPUT ACCEPT", Facts: example.TCP("127.0.0.1:2375", plain)},
			{Show: "dockerd --tlsverify -H tcp://0.0.0.0:2376 for one address", Firewall: "iptables -A INPUT -s 198.51.100.7 -p tcp --dport 2376 -j ACCEPT", Facts: example.TCP("0.0.0.0:2376", verified(nil))},
		},
		Listener: onTCP(checkReachableFromOthers),
	}
}

// checkReachableFromOthers is about what the packet filters let through now. The
// address that was chosen, which decides what is open on networks that the host
// joins later, is for api-on-all-interfaces, and what a client is asked for there
// is for api-tcp-without-tls and api-tls-without-client-verification: each has a
// change of its own that mends it, and each may be there without the others.
//
// To demand certificates and let the clients' machines in is what TLS is for: that
// is a fault only where all of the internet may try.
func checkReachableFromOthers(c *rule.Context, l *snapshot.Listener, h snapshot.Handshake) rule.Answer {
	v := ways.Of(c)
	list := v.Who(api(v, c, l), ways.Asked{Open: ways.Open, Sources: func(s *matrix.Source) bool {
		switch s.Kind {
		case matrix.Internet:
			return true
		case matrix.Network:
			return open(h)
		}
		return false
	}})
	if !open(h) {
		list = slices.DeleteFunc(list, func(r ways.Reached) bool { return r.Partly })
	}
	if len(list) == 0 {
		if open(h) {
			return c.Pass("no other machine can open a connection to %s", l.Address)
		}
		return c.Pass("%s demands certificates, and not all of the internet can open a connection to it", l.Address)
	}
	v.Cite(list)
	who, to, by := ways.Names(list), list[0].Way.To, ways.LetBy(list[0].Way)
	switch {
	case !open(h):
		return c.FailAs(rule.Medium, "it answers clients with a certificate only", "%s can open a connection to the API at %s (%s)", who, to, by)
	case !slices.ContainsFunc(list, func(r ways.Reached) bool { return !r.Partly }):
		return c.FailAs(rule.High, "some addresses only are let in", "some of %s can open a connection to the API at %s (%s), which answers anyone", who, to, by)
	}
	return c.Fail("%s can open a connection to the API at %s (%s), which answers anyone", who, to, by)
}
