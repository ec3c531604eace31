// Package network holds the rules about networks and the swarm: who can talk to
// whom, and what crosses the wire. One file a rule.
package network

import (
	"slices"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// Rules lists all rules of this package.
func Rules() []*rule.Rule {
	return []*rule.Rule{
		bridgeICC(), iccNotEnforced(), joinsProjects(), overlayNotEncrypted(),
		portsUnprotected(), bypassesHostFilter(), ignoresDefaultBind(), trustsInterface(), overlayAttachable(), portsReachable(), crossesNetworks(),
		autolockOff(), certificateExpiry(), managerCount(), serviceSecret(), swarmListensOnAll(),
		serviceSocket(), serviceMount(), serviceCapability(), serviceHostNetwork(), serviceUnconfined(), serviceMemory(), configSecret(), managerWorks(),
	}
}

// defaultBridge reports whether the network is the engine's own default one,
// docker0. Its name cannot be given to another.
func defaultBridge(n *snapshot.Network) bool { return n.Name == "bridge" && n.Driver == "bridge" }

// onBridge changes the default bridge of the example's engine.
func onBridge(change func(*snapshot.Network)) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		networks, _ := e.Networks.Peek()
		changed := slices.Clone(networks)
		change(&changed[0])
		example.Set(&e.Networks, changed)
	})
}
