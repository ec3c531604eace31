package reach_test

import (
	"reflect"
	"slices"
	"testing"

	"seawall/lab"
	"seawall/reach"
)

// bridges is a host with networks of all kinds. The API is on loopback (2375),
// everywhere (2376), and on docker0's address (2377).
func bridges(v lab.Version) site {
	bridge := func(name, subnet string, args ...string) []string {
		return append([]string{name, "--subnet", subnet, "-o", "com.docker.network.bridge.name=br-" + name}, args...)
	}
	s := site{
		flags: []string{"--tls=false", "-H", "unix:///run/docker.sock", "-H", "tcp://127.0.0.1:2375", "-H", "tcp://0.0.0.0:2376", "-H", "tcp://172.17.0.1:2377"},
		networks: [][]string{
			bridge("other", "172.30.0.0/16"),
			bridge("inner", "172.31.0.0/16", "--internal"),
			bridge("quiet", "172.29.0.0/16", "-o", "com.docker.network.bridge.enable_icc=false"),
			{"mac", "-d", "macvlan", "--subnet", "192.0.2.0/24", "--ip-range", "192.0.2.128/28", "--gateway", lab.NeighbourAddr, "-o", "parent=eth0"},
		},
		containers: []container{
			{name: "plain", args: []string{"-p", "8080:80", "-p", "127.0.0.1:8081:80"}},
			{name: "plain2"},
			{name: "joined", args: []string{"--network", "container:plain"}, port: "81"},
			{name: "other", args: []string{"--network", "other", "-p", "8090:80"}},
			{name: "inner", args: []string{"--network", "inner"}},
			{name: "inner2", args: []string{"--network", "inner"}},
			{name: "quiet", args: []string{"--network", "quiet"}},
			{name: "quiet2", args: []string{"--network", "quiet"}},
			{name: "mac", args: []string{"--network", "mac"}},
			{name: "alone", args: []string{"--network", "none"}},
			{name: "hostnet", args: []string{"--network", "host"}},
		},
		spare:     []string{"joined", "inner2", "quiet2", "mac", "alone"},
		hosts:     []string{"127.0.0.1", lab.HostAddr, "172.17.0.1", "172.30.0.1", "172.31.0.1"},
		ports:     []uint16{2375, 2376, 2377, 8080, 8081, 8090, 9},
		neighbour: "ip route add 172.16.0.0/12 via " + lab.HostAddr + "; ip addr add 203.0.113.5/32 dev lo",
	}
	if v == lab.V28 {
		const mode = "com.docker.network.bridge.gateway_mode_ipv4="
		s.networks = append(s.networks,
			bridge("isolated", "172.28.0.0/16", "--internal", "-o", mode+"isolated"),
			bridge("routed", "172.27.0.0/16", "-o", mode+"routed"),
			bridge("bare", "172.26.0.0/16", "-o", mode+"nat-unprotected"),
		)
		s.containers = append(s.containers,
			container{name: "isolated", args: []string{"--network", "isolated"}},
			container{name: "routed", args: []string{"--network", "routed", "-p", "80"}},
			container{name: "bare", args: []string{"--network", "bare"}},
		)
		s.spare = append(s.spare, "routed", "bare")
	}
	return s
}

// Who reaches what, by where they are. hostnet is the host.
var (
	onHost   = []string{"host"}
	docker0  = []string{"plain", "plain2"}
	bridged  = []string{"plain", "plain2", "other", "quiet", "quiet2", "routed", "bare"}
	internal = []string{"inner", "inner2"}
	beyond   = []string{"lan", "internet"}
)

func all(groups ...[]string) []string { return slices.Concat(groups...) }

// state is what a running engine is brought into, and back from.
type state struct {
	name    string
	on, off []string // commands
	want    []reached
}

// testVersion brings an engine into all states.
func testVersion(t *testing.T, v lab.Version, sum *tally) {
	e := start(t, lab.Options{Version: v}, bridges(v), sum)
	for _, s := range rows(v) {
		e.run(s.name, func() {
			e.commands(s.on)
			e.check(s.want...)
			e.commands(s.off)
		})
	}
	e.run("a container in the network of another", e.checkJoined)
	e.run("frames to loopback", e.checkRouteLocalnet)
	if v != lab.V26 { // its rules are those of 20.10
		e.testSettings()
	}
}

// rows are the states that commands make.
func rows(v lab.Version) []state {
	everybody := all(onHost, bridged, internal, beyond)
	// In 20.10, containers of internal networks have a way to all of the host's
	// addresses; later they have one to that of their bridge.
	byOthers, direct := all(onHost, bridged, beyond), beyond
	if v == lab.V20 {
		byOthers = everybody
	}
	var routed, bare []string
	if v == lab.V28 { // where only such networks can be routed to from outside
		direct, routed, bare = nil, all(onHost, bridged, beyond), all(onHost, []string{"bare"}, beyond)
	}
	return []state{
		{name: "no rules of the user", want: []reached{
			{":2375", onHost},
			{":2376", everybody}, {"172.31.0.1:2376", everybody}, {lab.HostAddr + ":2376", byOthers},
			{":2377", byOthers},
			{":8080", all(onHost, bridged, beyond)},
			{"plain", all(onHost, docker0, direct)}, {"plain2", all(onHost, docker0)},
			{"quiet2", all(onHost, []string{"quiet2"})},
			{"inner", all(onHost, internal)}, {"routed", routed}, {"bare", bare},
		}},
		{
			name: "no forwarding", want: []reached{{":2375", onHost}, {":2376", everybody}, {"plain", all(onHost, docker0)}},
			on:  []string{"sysctl -w net.ipv4.ip_forward=0"},
			off: []string{"sysctl -w net.ipv4.ip_forward=1"},
		},
		{
			name: "DOCKER-USER drops", want: []reached{{":2376", everybody}},
			on:  []string{"iptables -I DOCKER-USER -p tcp --dport 2376 -j DROP"},
			off: []string{"iptables -D DOCKER-USER 1"},
		},
		{
			name: "INPUT drops from bridges", want: []reached{{":2376", all(onHost, beyond)}},
			on:  []string{"iptables -I INPUT -i docker0 -j DROP", "iptables -I INPUT -i br-+ -j DROP"},
			off: []string{"iptables -F INPUT"},
		},
		{
			name: "INPUT lets one address in", want: []reached{{":2376", all(onHost, []string{"lan"})}},
			on: []string{
				"iptables -A INPUT -i lo -j ACCEPT", "iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
				"iptables -A INPUT -s " + lab.NeighbourAddr + " -j ACCEPT", "iptables -P INPUT DROP",
			},
			off: []string{"iptables -P INPUT ACCEPT", "iptables -F INPUT"},
		},
		{
			name: "bridges do not filter", want: []reached{{":2375", onHost}, {":2376", everybody}, {"quiet2", all(onHost, []string{"quiet", "quiet2"})}},
			on:  []string{"sysctl -w net.bridge.bridge-nf-call-iptables=0"},
			off: []string{"sysctl -w net.bridge.bridge-nf-call-iptables=1"},
		},
		{
			name: "FORWARD lets all in, bridges do not filter", want: []reached{{":2375", onHost}, {":2376", everybody}},
			on:  []string{"iptables -P FORWARD ACCEPT", "sysctl -w net.bridge.bridge-nf-call-iptables=0"},
			off: []string{"iptables -P FORWARD DROP", "sysctl -w net.bridge.bridge-nf-call-iptables=1"},
		},
		{ // what one accepts the other still drops
			name: "legacy tables beside those of nft", want: []reached{{":2376", all(onHost, internal, beyond, []string{"quiet", "quiet2", "routed", "bare"})}},
			on: []string{
				"iptables-legacy -I INPUT -i docker0 -p tcp --dport 2376 -j DROP", "iptables-nft -I INPUT -i docker0 -j ACCEPT",
				"iptables-nft -I INPUT -i br-other -p tcp --dport 2376 -j DROP", "iptables-legacy -I INPUT -i br-other -j ACCEPT",
			},
			off: []string{"iptables-nft -F INPUT", "iptables-legacy -F INPUT"},
		},
	}
}

// checkJoined: a container in the network of another reaches what that does.
func (e *engine) checkJoined() {
	n := reach.New(e.collect())
	cells, _ := e.cells(n)
	cells = slices.DeleteFunc(cells, func(c cell) bool { return c.who != "plain" })
	e.predict(n, cells)
	for _, c := range cells {
		if answers := n.Connect(reach.From{Name: "joined"}, c.c.To); len(answers) != 1 || !reflect.DeepEqual(answers[0], c.said) {
			e.t.Errorf("joined to %s: %v, and plain %v", c.c.To.Address, answers, c.said)
		}
	}
}
