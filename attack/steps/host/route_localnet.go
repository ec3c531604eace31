package host

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/reached"
	"seawall/attack/steps/scene"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

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
			{Show: "sysctl -w net.ipv4.conf.all.route_localnet=1", Facts: example.Together(scene.BesideHostService(), scene.LoopbackDatabase, example.NetSetting("net.ipv4.conf.all.route_localnet", "1")), Firewall: "iptables -t raw -F PREROUTING\niptables -P INPUT ACCEPT"},
		},
		Good: []rule.Example{
			{Show: "the kernel's own setting", Firewall: "iptables -t raw -F PREROUTING\niptables -P INPUT ACCEPT", Facts: example.Together(scene.BesideHostService(), scene.LoopbackDatabase)},
			{Show: "sysctl -w net.ipv4.conf.all.route_localnet=1", Firewall: "iptables -t raw -F PREROUTING\niptables -P INPUT ACCEPT\niptables -t raw -I PREROUTING ! -i lo -d 127.0.0.0/8 -j DROP",
				Facts: example.Together(scene.BesideHostService(), scene.LoopbackDatabase, example.NetSetting("net.ipv4.conf.all.route_localnet", "1"))},
		},
	}
}

// loopbackSenders are the services of the host on loopback addresses that frames from
// elsewhere get to, with who makes them.
func loopbackSenders(q *attack.Query) []attack.Instance {
	services, _ := q.Host.Services.Look(q)
	out := q.Instances()
	for i := range services {
		s := &services[i]
		if !reached.LoopbackOnly(s) {
			continue
		}
		for _, i := range reached.Instances(s.String(), framesTo(q, s)) {
			i.To, i.What = attack.State{Kind: attack.Secret, Name: reached.ServiceGives.Of(reached.LoopbackName(s))}, s.String()
			i.Ends = []attack.Change{{Kind: change.DropMartians}}
			if i.From.Kind == attack.ContainerRoot {
				i.Ends = append(i.Ends, attack.Change{Kind: change.DropCapability, Engine: i.From.Engine, Subject: i.From.Name, Detail: "NET_RAW"})
			}
			out = append(out, i)
		}
	}
	return out
}

// framesTo are those who get to a loopback address by frames that are made by hand.
func framesTo(q *attack.Query, s *snapshot.Service) []reached.Sender {
	why := reached.UnreadHost(q)
	target := -1
	if why == "" {
		if target = serviceTarget(q, s); target < 0 {
			why = lang.T("it was not asked who reaches it")
		}
	}
	var out []reached.Sender
	if why != "" {
		for _, s := range reached.Everyone(q, why) {
			switch s.State.Kind {
			case attack.Container:
				s.State.Kind = attack.ContainerRoot
				out = append(out, s)
			case attack.LAN:
				out = append(out, s)
			}
		}
		return out
	}
	for _, s := range reached.Senders(q, q.Reach(), target) {
		if s.State.Kind == attack.Container && s.Unknown != "" {
			s.State.Kind = attack.ContainerRoot
		}
		if s.State.Kind == attack.ContainerRoot || s.State.Kind == attack.LAN {
			out = append(out, s)
		}
	}
	return out
}
