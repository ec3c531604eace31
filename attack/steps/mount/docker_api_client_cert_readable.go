package mount

import (
	"net"
	"net/url"

	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func dockerAPIClientCert() *attack.Step {
	is := cond.ClientMount(attack.OtherHost, keyedEngines)
	return &attack.Step{
		ID: "docker-api-client-cert-readable", Title: "Take a client's key for an engine",
		Why:  "Whoever has key and certificate orders the engine that takes them.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.OtherHost,
		ATTACK: "T1552.004", Cost: 1, CostReason: "two files read",
		Needs: attack.All(cond.HasMount("it can read a client's key for an engine", is.Is), cond.HostRoot(), cond.NoLabel()),
		Each:  cond.EachMount(is.Is, is.States, cond.Unseen(attack.OtherHost), change.DropCapabilities),
		Proof: "the contexts with TLS of the client whose directory is mounted; no key is read",
		Bad:   []rule.Example{{Run: "docker run -v /root/.docker:/x:ro alpine", Facts: example.Client(tlsContext)}},
		Good:  []rule.Example{{Run: "docker run -v /root/.docker:/x:ro alpine"}, {Run: "docker run alpine", Facts: example.Client(tlsContext)}},
	}
}

// tlsContext gives the example's client a context with a key.
func tlsContext(c *snapshot.Client) {
	example.Set(&c.Contexts, []snapshot.Context{{Name: "prod", Host: "tcp://192.0.2.7:2376", TLS: true}})
}

// keyedEngines are the engines for which the client has keys: one of this host is
// known by the address that it listens at.
func keyedEngines(c *snapshot.Client, q *attack.Query) []attack.State {
	var out []attack.State
	contexts, _ := c.Contexts.Look(q)
	for _, context := range contexts {
		u, err := url.Parse(context.Host)
		if context.TLS && err == nil && u.Scheme == "tcp" {
			out = append(out, engineAt(q, context.Host, u.Host))
		}
	}
	return out
}

func engineAt(q *attack.Query, name, address string) attack.State {
	for i := range q.Snapshot.Engines {
		listeners, _ := q.Snapshot.Engines[i].Listeners.Peek()
		for _, l := range listeners {
			if l.Name == name {
				return attack.State{Kind: attack.EngineControl, Engine: q.Snapshot.Engines[i].Name}
			}
		}
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	return attack.State{Kind: attack.OtherHost, Name: host}
}
