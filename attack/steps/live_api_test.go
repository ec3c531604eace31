package steps_test

import (
	"testing"

	"seawall/attack"
	"seawall/lab"
)

var (
	control = attack.State{Kind: attack.EngineControl, Engine: engineSocket}
	asking  = attack.State{Kind: attack.EngineRead, Engine: engineSocket}
)

func onNetwork(name string) attack.State {
	return attack.State{Kind: attack.Network, Engine: engineSocket, Name: name}
}

// TestLiveAPI proves who uses an engine's API over the network and through proxies of
// its socket, with what blocks each: the host's packet filter, another network, and what
// the proxy refuses. The proxy stands in for the products of that name.
func TestLiveAPI(t *testing.T) {
	h := lab.New(t, lab.Options{Flags: []string{"--tls=false", "-H", "unix:///run/docker.sock", "-H", "tcp://0.0.0.0:2375"}})
	image := attemptImage(t, h)
	const product = "tecnativa/docker-socket-proxy:lab"
	h.Docker("tag", image, product)
	h.Docker("network", "create", "--subnet", "172.30.0.0/16", "-o", "com.docker.network.bridge.name=shop0", "-o", "com.docker.network.bridge.enable_icc=false", "shop")
	h.Docker("network", "create", "--subnet", "172.31.0.0/16", "-o", "com.docker.network.bridge.name=back0", "back")
	h.Docker("network", "create", "--subnet", "172.29.0.0/16", "ask")
	h.Run("--name", "web", "--network", "shop", image)
	h.Run("--name", "app", "--network", "back", image)
	h.Run("--name", "look", "--network", "ask", image)
	h.Run("--name", "alone", "--network", "none", image)
	for network, options := range map[string][]string{"shop": {"172.30.0.9", "POST=1"}, "back": {"172.31.0.9", "POST=1"}, "ask": {"172.29.0.9", "POST=0"}} {
		h.Run("--name", "proxy-"+network, "--network", network, "--ip", options[0], "-e", "CONTAINERS=1", "-e", options[1],
			"-v", "/run/docker.sock:/var/run/docker.sock", product, "/bin/attempt", "api-proxy", "0.0.0.0:2375")
	}
	checkNetwork(t, h, []networkProof{
		{step: "engine-api-over-network", from: inContainer("app"), to: control, at: "app", how: "order-api", try: "172.31.0.1:2375", want: true},
		{step: "engine-api-over-network", from: inContainer("alone"), to: control, at: "alone", how: "order-api", try: "172.31.0.1:2375"},
		{step: "engine-socket-proxy", from: onNetwork("back"), to: control, at: "app", how: "order-api", try: "172.31.0.9:2375", want: true},
		{step: "engine-socket-proxy", from: onNetwork("back"), to: asking, at: "app", how: "ask-api", try: "172.31.0.9:2375", want: true},
		{step: "engine-socket-proxy", from: onNetwork("ask"), to: asking, at: "look", how: "ask-api", try: "172.29.0.9:2375", want: true},
		{step: "engine-socket-proxy", from: onNetwork("ask"), to: control, at: "look", how: "order-api", try: "172.29.0.9:2375"},
		{step: "engine-socket-proxy", from: onNetwork("shop"), to: control, at: "web", how: "order-api", try: "172.30.0.9:2375"},
	})
	h.Exec("iptables", "-I", "INPUT", "-i", "back0", "-j", "DROP")
	checkNetwork(t, h, []networkProof{
		{step: "engine-api-over-network", from: inContainer("app"), to: control, at: "app", how: "order-api", try: "172.31.0.1:2375"},
	})
}
