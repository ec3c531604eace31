package steps

import (
	"net"
	"net/url"
	"path"

	"seawall/attack"
	"seawall/hostpath"
	"seawall/hostplace"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func dockerClientConfigMount() *attack.Step {
	is := clientMount(attack.Registry, clearRegistries)
	return &attack.Step{
		ID: "docker-client-config-mount", Title: "Read a user's credentials for registries",
		Why:  "Without a credential helper the docker command keeps passwords and tokens in config.json, as good as in clear.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Registry,
		ATTACK: "T1552.001", Cost: 1, CostReason: "one file read",
		Needs: attack.All(has("it can read credentials for registries", is.mounted), hostRoot(), noLabel()),
		Each:  eachMount(is.mounted, is.states, unseen(attack.Registry), dropCapabilities),
		Proof: "the registries whose credentials stand in the config.json there",
		Bad: []rule.Example{
			{Run: "docker run -v /root/.docker:/x:ro alpine", Config: `{"auths": {"registry.example": {"auth": "dTpw"}}}`},
			{Run: "docker run -v /root:/x:ro alpine", Config: `{"auths": {"registry.example": {"auth": "dTpw"}}}`},
		},
		Good: []rule.Example{
			{Run: "docker run -v /root/.docker:/x:ro alpine", Config: `{"credsStore": "pass"}`}, {Run: "docker run alpine", Config: `{"auths": {"registry.example": {"auth": "dTpw"}}}`},
			{Run: "docker run -v /root/.docker:/x:ro alpine", Config: `{"auths": {"registry.example": {"auth": "dTpw"}}}`, Facts: remappedHost},
		},
	}
}

func dockerAPIClientCert() *attack.Step {
	is := clientMount(attack.OtherHost, keyedEngines)
	return &attack.Step{
		ID: "docker-api-client-cert-readable", Title: "Take a client's key for an engine",
		Why:  "Whoever has key and certificate orders the engine that takes them.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.OtherHost,
		ATTACK: "T1552.004", Cost: 1, CostReason: "two files read",
		Needs: attack.All(has("it can read a client's key for an engine", is.mounted), hostRoot(), noLabel()),
		Each:  eachMount(is.mounted, is.states, unseen(attack.OtherHost), dropCapabilities),
		Proof: "the contexts with TLS of the client whose directory is mounted; no key is read",
		Bad:   []rule.Example{{Run: "docker run -v /root/.docker:/x:ro alpine", Facts: example.Client(tlsContext)}},
		Good:  []rule.Example{{Run: "docker run -v /root/.docker:/x:ro alpine"}, {Run: "docker run alpine", Facts: example.Client(tlsContext)}},
	}
}

// tlsContext gives the example's client a context with a key.
func tlsContext(c *snapshot.Client) {
	example.Set(&c.Contexts, []snapshot.Context{{Name: "prod", Host: "tcp://192.0.2.7:2376", TLS: true}})
}

// clientMounts are mounts that bring in what clients keep in their directories.
type clientMounts struct {
	mounted mounted
	states  func(*attack.Query, *hostpath.Mounted) []attack.State
}

// clientMount tells of a mount what the clients whose directories it holds give by
// their configuration. A directory of a client's that is no account's may hold
// anything.
func clientMount(kind attack.Kind, gives func(*snapshot.Client, *attack.Query) []attack.State) clientMounts {
	nameless := unseen(kind)
	states := func(q *attack.Query, m *hostpath.Mounted) (out []attack.State, known bool) {
		clients, listed := q.Snapshot.Clients.Look(q)
		for i := range clients {
			if c := &clients[i]; hostpath.Within(c.Dir, m.Source) || m.Source == path.Join(c.Dir, "config.json") {
				out, known = append(out, gives(c, q)...), true
			}
		}
		return out, known || listed && hostplace.Ways(m.Source, true)&hostplace.ClientConfig == 0
	}
	return clientMounts{
		mounted: byOwner(func(q *attack.Query, m *hostpath.Mounted) attack.Truth {
			found, known := states(q, m)
			if len(found) == 0 && !known {
				return attack.Unknown
			}
			return attack.Sure(len(found) > 0)
		}),
		states: func(q *attack.Query, m *hostpath.Mounted) []attack.State {
			if found, _ := states(q, m); len(found) > 0 {
				return found
			}
			return nameless(q, m)
		},
	}
}

// clearRegistries are the registries whose credentials stand in config.json.
func clearRegistries(c *snapshot.Client, q *attack.Query) []attack.State {
	config, _ := c.Config.Look(q)
	out := make([]attack.State, len(config.ClearCredentials))
	for i, r := range config.ClearCredentials {
		out[i] = attack.State{Kind: attack.Registry, Name: r}
	}
	return out
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
