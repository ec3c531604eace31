package container

import (
	"slices"

	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

const twoOnApp = "docker run --name db --network app alpine\ndocker run --name web --network app --cap-drop ALL "

func arpSpoofBridge() *attack.Step {
	return &attack.Step{
		ID: "arp-spoof-bridge", Title: "Answer for another container of the network",
		Why:  "With NET_RAW, which every container has, a container answers ARP and DNS in the name of its neighbours and reads and changes what they send.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Secret,
		ATTACK: "T1557.002", Cost: 3, CostReason: "a public tool, and neighbours that do not encrypt",
		Needs: []attack.Need{cond.HasDefaultCaps("NET_RAW")},
		Each:  neighbourhoods,
		Rules: []string{"container-net-raw-on-shared-bridge"},
		Proof: "CapBnd of its process and the containers of its networks; nothing is sent",
		Bad:   []rule.Example{{Run: twoOnApp + "alpine", Facts: talkative}, {Run: "docker run --name db alpine\ndocker run --name web alpine", Facts: talkative}},
		Good: []rule.Example{
			{Run: "docker run --name web --network app alpine", Facts: talkative},
			{Run: "docker run --name db --network app --cap-drop NET_RAW alpine\ndocker run --name web --network app --cap-drop ALL alpine", Facts: talkative},
			{Run: "docker run --name db alpine\ndocker run --name web alpine"},
		},
	}
}

// talkative lets the containers on the engine's networks talk to each other.
func talkative(s *snapshot.Snapshot) {
	networks, _ := s.Engines[0].Networks.Peek()
	changed := slices.Clone(networks)
	for i := range changed {
		example.Set(&changed[i].ICC, true)
	}
	example.Set(&s.Engines[0].Networks, changed)
}

// neighbourhoods are the bridges of the container that have other containers.
func neighbourhoods(q *attack.Query) []attack.Instance {
	out := q.Instances()
	cond.Look(&out, q.Engine.Networks)
	for _, e := range cond.Look(&out, q.Container.Networks) {
		if n := q.Network(e.Network); n != nil && n.Driver == "bridge" {
			out = append(out, neighbours(q, n)...)
		}
	}
	return out
}

// traffic is the name of what is heard on a bridge.
var traffic = attack.NewNameForm(lang.N("what the traffic of network %s holds"))

// neighbours is a bridge as an instance, if it has other containers and lets them
// talk to each other.
func neighbours(q *attack.Query, n *snapshot.Network) []attack.Instance {
	names := n.Containers
	i := attack.Instance{
		To: attack.State{Kind: attack.Secret, Engine: q.Engine.Name, Name: traffic.Of(n.Name)}, What: n.Name,
		Ends:   append(cond.Silences(q, n), change.OnContainer(q, change.LeaveNetwork, n.Name)),
		Origin: cond.Element(names, q.Container.Name),
	}
	others, known := names.Peek()
	alone := !slices.ContainsFunc(others, func(name string) bool { return name != q.Container.Name })
	switch {
	case !known:
		i.Missing = cond.Lost(names)
	case alone:
		return nil
	}
	w := &cond.Gaps{}
	switch cond.Talks(w, q.Host, n) {
	case attack.No:
		return nil
	case attack.Unknown:
		i.Missing = append(i.Missing, *w...)
	}
	i.Value, i.Unknown = others, len(i.Missing) > 0
	return append(q.Instances(), i)
}
