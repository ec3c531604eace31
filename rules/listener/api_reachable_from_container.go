package listener

import (
	"seawall/lang"
	"seawall/reach/matrix"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/internal/ways"
	"seawall/snapshot"
)

func reachableFromContainer() *rule.Rule {
	return &rule.Rule{
		ID:       "api-reachable-from-container",
		Title:    "A container can open a connection to the API",
		Severity: rule.Critical,
		Why: "Who is in a container reaches the host at the gateway of its network and at all its other addresses, unless the host's rules for INPUT say otherwise; those in DOCKER-USER never see such packets. " +
			"Where the API answers anyone, one request from inside the container makes it root on the host. A listener on 127.0.0.1 is reached as well, by frames made by hand (capability NET_RAW, which Docker gives), " +
			"where the engine runs without docker-proxy or route_localnet is on.",
		Fix: rule.Fix{
			Text: "Remove the listener. Where TCP must be, drop what comes to it from the bridges of containers, and frames to loopback addresses from anywhere but the host.",
			Shell: "sudo iptables -I INPUT -i docker0 -p tcp --dport 2375 -j DROP\nsudo iptables -I INPUT -i br-+ -p tcp --dport 2375 -j DROP\n" +
				"sudo ip6tables -I INPUT -i docker0 -p tcp --dport 2375 -j DROP\nsudo ip6tables -I INPUT -i br-+ -p tcp --dport 2375 -j DROP\n" +
				"sudo iptables -t raw -I PREROUTING ! -i lo -d 127.0.0.0/8 -j DROP",
			Daemon: `{"hosts": ["unix:///run/docker.sock"]}`,
			Breaks: "Containers that use the API by this address, such as CI runners and dashboards. Rules of iptables are gone after a restart unless they are saved.",
		},
		Refs: rule.Refs{CISRelated: "2.8", NIST: "4.3.1 4.3.3", ATTACK: "T1611 T1610 T1046", Guide: "G11 G12 G13", Docs: "Packet filtering and firewalls"},
		Bad: []rule.Example{
			{Show: "dockerd -H tcp://0.0.0.0:2375, and the host lets everything in", Firewall: "iptables -P INPUT ACCEPT", Facts: example.Together(example.TCP("0.0.0.0:2375", plain), onBridges)},
			{Show: "dockerd -H tcp://172.17.0.1:2375, and a rule that trusts containers", Firewall: "iptables -A INPUT -i docker0 -j ACCEPT", Facts: example.Together(example.TCP("172.17.0.1:2375", plain), onBridges)},
			{Show: "dockerd -H tcp://127.0.0.1:2375 --userland-proxy=false", Firewall: "iptables -P INPUT ACCEPT\niptables -t raw -F PREROUTING",
				Facts: example.Together(example.TCP("127.0.0.1:2375", plain), onBridges, example.NetSetting("net.ipv4.conf.docker0.route_localnet", "1"))},
			{Show: "dockerd --tlsverify -H tcp://0.0.0.0:2376", Firewall: "iptables -A INPUT -p tcp --dport 2376 -j ACCEPT", Facts: example.Together(example.TCP("0.0.0.0:2376", verified(nil)), onBridges)},
		},
		Good: []rule.Example{
			{Show: "dockerd -H tcp://0.0.0.0:2375, and the host lets nothing in but ssh", Facts: example.Together(example.TCP("0.0.0.0:2375", plain), onBridges)},
			{Show: "dockerd -H tcp://127.0.0.1:2375 --userland-proxy=false, and no frames to loopback addresses", Firewall: "iptables -P INPUT ACCEPT",
				Facts: example.Together(example.TCP("127.0.0.1:2375", plain), onBridges, example.NetSetting("net.ipv4.conf.docker0.route_localnet", "1"))},
			{Show: "the same, and containers without NET_RAW", Firewall: "iptables -P INPUT ACCEPT\niptables -t raw -F PREROUTING",
				Facts: example.Together(example.TCP("127.0.0.1:2375", plain), example.NetSetting("net.ipv4.conf.docker0.route_localnet", "1"),
					example.Running(example.Container{Name: "web", Network: "bridge", IPv4: "172.17.0.2", Caps: snapshot.Caps("CHOWN")}))},
		},
		Listener: onTCP(checkReachableFromContainer),
	}
}

// onBridges runs two containers, each on a network of its own.
func onBridges(s *snapshot.Snapshot) {
	example.Running(example.Container{Name: "web", Network: "bridge", IPv4: "172.17.0.2"}, example.Container{Name: "db", Network: "shop", IPv4: "172.18.0.2", Project: "shop"})(s)
}

// checkReachableFromContainer is about containers with a network of their own.
// Those with the host's reach what listens on loopback as the host does, which
// api-on-loopback-reachable reports; what listens on other addresses is reported
// here for both.
//
// A listener that demands certificates keeps containers out. That they can try,
// with flaws of TLS or with stolen keys, is worth a remark and no more.
func checkReachableFromContainer(c *rule.Context, l *snapshot.Listener, h snapshot.Handshake) rule.Answer {
	v := ways.Of(c)
	v.Containers()
	list := v.Who(api(v, c, l), ways.Asked{Open: ways.Open, Sources: func(s *matrix.Source) bool {
		return s.Kind == matrix.Containers || len(s.Members) > 0 && !l.Loopback() // with the host's network
	}})
	if len(list) == 0 {
		return c.Pass("no container with a network of its own can open a connection to %s", l.Address)
	}
	v.Cite(list)
	how := list[0].Way.To.String()
	if list[0].Way.Crafted {
		how = lang.Sprintf("%s by frames made by hand", how)
	}
	if !open(h) {
		return c.FailAs(rule.Low, "it answers clients with a certificate only", "%s can open a connection to the API at %s (%s)", ways.Names(list), how, ways.LetBy(list[0].Way))
	}
	return c.Fail("%s can open a connection to the open API at %s (%s)", ways.Names(list), how, ways.LetBy(list[0].Way))
}

// open says whether a listener answers clients without a certificate.
func open(h snapshot.Handshake) bool { return h.Anonymous || h.Plaintext }

// api is the place of a listener among the targets. One that is not among them
// ends the check as unknown.
func api(v *ways.View, c *rule.Context, l *snapshot.Listener) int {
	for _, i := range v.TargetsOf(c.Snapshot, c.Engine, matrix.API) {
		if v.Targets[i].Listener.Name == l.Name {
			return i
		}
	}
	c.Missed(snapshot.At("listener", l.Name), snapshot.Gap{Reason: snapshot.ReasonMalformed, Detail: lang.Sprintf("the address %s is not understood", l.Address)})
	c.Stop()
	return 0
}
