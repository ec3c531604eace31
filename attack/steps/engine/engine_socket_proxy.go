package engine

import (
	"strings"

	"seawall/apiproxy"
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/lang"
	"seawall/rule"
)

const proxyLine = "docker run --name proxy --network shop -v /run/docker.sock:/var/run/docker.sock "

func socketProxyOpen() *attack.Step {
	return &attack.Step{
		ID: "engine-socket-proxy", Title: "Use the engine's API through a proxy of its socket",
		Why: "A filter in front of the socket asks nobody who he is: whoever reaches its port has what it lets through. With POST and CONTAINERS that is any container one likes; " +
			"with CONTAINERS alone the variables, logs and files of all.",
		At:   rule.KindContainer,
		From: attack.Network, To: attack.EngineControl,
		ATTACK: "T1610", Cost: 1, CostReason: "one request",
		Needs: attack.All(cond.MayRun(), cond.HasSocket("it has an engine's socket inside", cond.OfService("engine")), filtersAPI()),
		Each:  proxyUses,
		Rules: []string{"engine-socket-proxy"},
		Proof: "the image, the variables and the command of the proxy, its networks and ports, and the inode of the socket inside",
		Bad: []rule.Example{
			{Run: proxyLine + "-e CONTAINERS=1 -e POST=1 tecnativa/docker-socket-proxy", Facts: scene.ICC("shop", true)},
			{Run: proxyLine + "-e CONTAINERS=1 lscr.io/linuxserver/socket-proxy", Facts: scene.ICC("shop", true)},
			{Run: proxyLine + "wollomatic/socket-proxy -allowGET=/.* -listenip=0.0.0.0 -allowfrom=0.0.0.0/0", Facts: scene.ICC("shop", true)},
		},
		Good: []rule.Example{
			{Run: proxyLine + "tecnativa/docker-socket-proxy", Facts: scene.ICC("shop", true)},
			{Run: proxyLine + "wollomatic/socket-proxy -allowGET=/.*", Facts: scene.ICC("shop", true)},
			{Run: "docker run --network shop -e CONTAINERS=1 -e POST=1 tecnativa/docker-socket-proxy", Facts: scene.ICC("shop", true)},
			{Run: "docker run --network none -v /run/docker.sock:/var/run/docker.sock -e CONTAINERS=1 -e POST=1 tecnativa/docker-socket-proxy"},
			{Run: proxyLine + "-e CONTAINERS=1 -e POST=1 tecnativa/docker-socket-proxy", Facts: scene.ICC("shop", false)},
		},
	}
}

// filtersAPI: the container is a filter of the API that lets something through which
// leads on.
func filtersAPI() *attack.Cond {
	return &attack.Cond{
		Says:  "it is a proxy that lets others order or ask the engine",
		Check: cond.AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			if _, known := q.Container.Image.Try(q); !known {
				return attack.Unknown
			}
			a, is := apiproxy.Of(q, q.Container)
			if !is {
				return attack.No
			}
			return min(truthOf(a.Elsewhere), truthOf(max(a.Order, a.Services, a.Ask, a.Swarm)))
		},
		Ends: func(q *attack.Query) []attack.Change {
			return []attack.Change{change.OnContainer(q, change.RemoveSocket, "/run/docker.sock")}
		},
	}
}

// truthOf is what a filter lets through, as a condition's answer.
func truthOf(a apiproxy.Answer) attack.Truth {
	return [...]attack.Truth{apiproxy.No: attack.No, apiproxy.Unknown: attack.Unknown, apiproxy.Yes: attack.Yes}[a]
}

// proxyUses are what the proxy lets through, for each who reaches it.
func proxyUses(q *attack.Query) []attack.Instance {
	if _, known := q.Container.Image.Peek(); !known {
		w := cond.Lost(q.Container.Image)
		return append(uses(q, q.State(attack.EngineControl), attack.Unknown, w, ""), uses(q, q.State(attack.EngineRead), attack.Unknown, w, "")...)
	}
	var w cond.Gaps
	a, _ := apiproxy.Of(&w, q.Container)
	shut := apiproxy.ShutBy(q.Container)
	out := q.Instances()
	add := func(to attack.State, lets apiproxy.Answer, what string, settings []string) {
		if lets == apiproxy.No {
			return
		}
		for _, i := range uses(q, to, min(truthOf(lets), truthOf(a.Elsewhere)), w, what) {
			i.Ends = append(i.Ends, narrower(q, settings)...)
			out = append(out, i)
		}
	}
	add(q.State(attack.EngineControl), a.Order, lang.T("orders"), shut.Order)
	add(q.State(attack.EngineRead), a.Ask, lang.T("questions about containers"), shut.Ask)
	switch managing := cond.Manages().Ask(q); {
	case managing == attack.Unknown:
		add(q.State(attack.SwarmManager), min(a.Services, apiproxy.Unknown), lang.T("orders to services"), shut.Services)
	case managing == attack.Yes:
		add(q.State(attack.SwarmManager), a.Services, lang.T("orders to services"), shut.Services)
		add(attack.State{Kind: attack.Secret, Engine: q.Engine.Name, Name: swarmTokens}, a.Swarm, "GET /swarm", shut.Swarm)
	}
	return out
}

// narrower are the changes to the proxy's settings of which each makes it refuse what
// it lets through.
func narrower(q *attack.Query, settings []string) []attack.Change {
	out := make([]attack.Change, len(settings))
	for i, s := range settings {
		kind := narrowProxy
		if strings.HasPrefix(s, "-") {
			kind = narrowProxyOption
		}
		out[i] = change.OnContainer(q, kind, s)
	}
	return out
}

var (
	narrowProxy = &attack.ChangeKind{
		ID: "narrow-proxy", Text: "Let the proxy {subject} refuse what {detail} refuses",
		Weight: 2, Disruption: attack.Recreate, Breaks: "Clients that send such requests: let them have a proxy of their own.",
		Run: "-e {detail}", Compose: "services:\n  {subject}:\n    environment: [\"{detail}\"]",
	}
	narrowProxyOption = &attack.ChangeKind{
		ID: "narrow-proxy-option", Text: "Run the proxy {subject} with a narrower {detail}, or without it",
		Weight: 2, Disruption: attack.Recreate, Breaks: "Clients that send such requests: let them have a proxy of their own.",
		Run: "{detail}=/PATH, of the requests that its clients need", Compose: "services:\n  {subject}:\n    command: [\"{detail}=/PATH\"]   # of the requests that its clients need",
	}
)

// uses are the moves of all who reach the container to what it gives them.
func uses(q *attack.Query, to attack.State, truth attack.Truth, w []rule.MissingFact, what string) []attack.Instance {
	out := q.Instances()
	for _, i := range reachContainer(q) {
		i.To = to
		if what != "" {
			i.What = what
		}
		if truth == attack.Unknown {
			i.Unknown, i.Missing = true, append(i.Missing, w...)
		}
		out = append(out, i)
	}
	return out
}

// reachContainer are those who reach what listens in the container: by its networks,
// if containers there reach each other, and by the ports that it publishes.
func reachContainer(q *attack.Query) []attack.Instance {
	return append(onNetworks(q, func(n attack.State) attack.Instance { return attack.Instance{From: n} }), publishedTo(q)...)
}

// publishedTo are those who reach a port that the container publishes, if it does.
func publishedTo(q *attack.Query) []attack.Instance {
	if ports, known := q.Container.Ports.Try(q); known && len(ports) == 0 {
		return nil
	}
	out := portSenders(q)
	for i := range out {
		out[i].Ends = append(out[i].Ends, change.OnContainer(q, change.Unpublish, ""))
	}
	return out
}
