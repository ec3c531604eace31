package engine

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/reached"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func engineAPIOverNetwork() *attack.Step {
	return &attack.Step{
		ID: "engine-api-over-network", Title: "Use the API over the network",
		Why: "The API answers whoever connects, and the host's rules let the connection through. " +
			"Where an address is bound to the host only, containers and accounts of the host still may get there.",
		At:   rule.KindListener,
		From: attack.Internet, To: attack.EngineControl,
		ATTACK: "T1133", Cost: 1, CostReason: "one request",
		Needs: attack.All(cond.Serves("engine", "tcp"), answersAnyone()),
		Each:  apiSenders,
		Proof: "the greeting of the listener without a certificate, the packet filters and routes; with --probe the connection itself",
		Bad: []rule.Example{
			{Show: "dockerd -H tcp://0.0.0.0:2375, and the host lets everything in", Firewall: "iptables -P INPUT ACCEPT", Facts: overTCP("0.0.0.0:2375", snapshot.Handshake{Plaintext: true, Anonymous: true})},
			{Show: "dockerd -H tcp://127.0.0.1:2375", Facts: overTCP("127.0.0.1:2375", snapshot.Handshake{Plaintext: true, Anonymous: true})},
			{Show: "dockerd --tls -H tcp://0.0.0.0:2376, without client verification", Firewall: "iptables -A INPUT -p tcp --dport 2376 -j ACCEPT", Facts: overTCP("0.0.0.0:2376", snapshot.Handshake{TLS: true, Anonymous: true})},
		},
		Good: []rule.Example{
			{Show: "no TCP listener"},
			{Show: "dockerd --tlsverify -H tcp://0.0.0.0:2376", Firewall: "iptables -P INPUT ACCEPT", Facts: overTCP("0.0.0.0:2376", snapshot.Handshake{TLS: true})},
		},
	}
}

// answersAnyone: the listener answers without a client certificate.
func answersAnyone() *attack.Cond {
	return &attack.Cond{
		Says:  "it answers anyone",
		Check: cond.AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			h, known := q.Listener.Handshake.Try(q)
			if !known {
				return attack.Unknown
			}
			return attack.Sure(h.Anonymous || h.Plaintext)
		},
		Ends: func(q *attack.Query) []attack.Change {
			return []attack.Change{
				{Kind: change.RemoveListener, Engine: q.Engine.Name, Detail: q.Listener.Name},
				{Kind: change.DemandCertificates, Engine: q.Engine.Name, Detail: q.Listener.Name},
			}
		},
	}
}

// apiSenders are those who reach the listener.
func apiSenders(q *attack.Query) []attack.Instance {
	why := reached.Unread(q)
	if why != "" {
		return reached.Instances(q.Listener.Name, reached.Everyone(q, why))
	}
	m := q.Reach()
	target := reached.APITarget(q, m)
	if target < 0 {
		return reached.Instances(q.Listener.Name, reached.Everyone(q, lang.T("the address is not understood")))
	}
	return reached.Instances(q.Listener.Name, reached.Senders(q, m, target))
}

// overTCP adds a TCP listener that answered a greeting in this way, beside
// containers on two networks.
func overTCP(address string, h snapshot.Handshake) func(*snapshot.Snapshot) {
	return example.Together(example.TCP(address, h), example.Running(example.Container{Name: "web", Network: "bridge", IPv4: "172.17.0.2"}, example.Container{Name: "db", Network: "shop", IPv4: "172.18.0.2", Project: "shop"}))
}
