package flaw

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/confinement"
	"seawall/currency/known"
	"seawall/rule"
	"seawall/rule/example"
)

var shimSocket = &flaw{known.Containerd, []string{"CVE-2020-15257"}, []string{"1.3.9", "1.4.3"}}

func containerdShimSocket() *attack.Step {
	const run = "docker run --network host alpine"
	old := parts(map[string]string{"containerd": "1.4.2"})
	return &attack.Step{
		ID: "containerd-shim-socket", Title: "Give orders to the shim of a container by its abstract socket",
		Why:  "The shim of each container listens on an abstract socket of the host's network, and obeys whoever connects as root: it starts any program on the host.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1611", Cost: 1, CostReason: "a public program (shim-pwn)",
		Needs: attack.All(cond.SharesNamespace(confinement.NetNS, "network"), shimSocket.open(), cond.HostRoot(), cond.NotKept("services of the host")),
		Rules: []string{"containerd-has-open-advisory", "container-host-network"},
		Proof: "the version of containerd, who built it, and HostConfig.NetworkMode; nothing is connected",
		Bad:   []rule.Example{{Show: "containerd 1.4.2", Run: run, Facts: old}},
		Good: []rule.Example{
			{Show: "containerd 1.4.3", Run: run, Facts: parts(map[string]string{"containerd": "1.4.3"})}, {Show: "containerd 1.7.28", Run: run},
			{Show: "containerd 1.4.2, a network of its own", Run: "docker run alpine", Facts: old},
			{Show: "containerd 1.4.2, a rootless engine", Run: run, Facts: example.Together(old, scene.Rootless)},
		},
	}
}
