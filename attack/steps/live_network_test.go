package steps_test

import (
	"bufio"
	"cmp"
	"os/exec"
	"testing"

	"seawall/attack"
	"seawall/attack/steps"
	"seawall/attack/steptest"
	"seawall/lab"
	"seawall/snapshot"
)

// networkProof shows that who sends from a network gets where a step says, or does
// not.
type networkProof struct {
	step string
	from attack.State // who moves, or sends
	to   attack.State
	at   string // the container that tries
	try  string // the address that it opens
	how  string // the attempt, if it is another than to open a connection
	want bool
}

const engineSocket = "unix:///run/docker.sock"

func uplink(network string) attack.State {
	return attack.State{Kind: attack.Uplink, Engine: engineSocket, Name: network}
}

func inContainer(name string) attack.State {
	return attack.State{Kind: attack.Container, Engine: engineSocket, Name: name}
}

var (
	hostRoot    = attack.State{Kind: attack.HostRoot}
	someAccount = attack.State{Kind: attack.Account}
)

// TestLiveNetwork proves the steps that go from networks of containers to the host
// and to published ports, with what blocks each.
func TestLiveNetwork(t *testing.T) {
	h := lab.New(t, lab.Options{LAN: true})
	image := attemptImage(t, h)
	h.Docker("network", "create", "--subnet", "172.30.0.0/16", "-o", "com.docker.network.bridge.name=shop0", "-o", "com.docker.network.bridge.enable_icc=false", "shop")
	h.Docker("network", "create", "--subnet", "172.31.0.0/16", "back")
	h.CopyIn(lab.Self(t), "/srv/attempt", 0o755)
	listenTCP(t, h, "0.0.0.0:7001")
	listenTCP(t, h, "0.0.0.0:7002", "setpriv", "--reuid", "nobody", "--clear-groups", "--")
	listenTCP(t, h, "127.0.0.1:7003")
	h.Run("--name", "web", "--network", "shop", image)
	h.Run("--name", "alone", "--network", "none", image)
	h.Run("--name", "out", "--network", "host", image)
	for name, port := range map[string]string{"open": "8080:80", "inner": "127.0.0.1:8081:80"} {
		h.Run("--name", name, "--network", "back", "-p", port, image, "/bin/attempt", "serve-tcp", "0.0.0.0:80")
	}
	proofs := []networkProof{
		{step: "container-sends-from-network", from: inContainer("web"), to: uplink("shop"), at: "web", try: "172.30.0.1:7001", want: true},
		{step: "container-sends-from-network", from: inContainer("alone"), to: uplink("shop"), at: "alone", try: "172.30.0.1:7001"},
		{step: "host-service-breached", from: uplink("shop"), to: hostRoot, at: "web", try: "172.30.0.1:7001", want: true},
		{step: "host-service-breached", from: uplink("shop"), to: someAccount, at: "web", try: "172.30.0.1:7002", want: true},
		{step: "host-service-breached", from: inContainer("out"), to: hostRoot, at: "out", try: "172.30.0.1:7001", want: true},
		{step: "service-breached", from: uplink("shop"), to: inContainer("open"), at: "web", try: "172.30.0.1:8080", want: true},
		{step: "service-breached", from: uplink("shop"), to: inContainer("inner"), at: "web", try: "172.30.0.1:8081"},
	}
	checkNetwork(t, h, proofs)
	h.Exec("iptables", "-I", "INPUT", "-i", "shop0", "-j", "DROP")
	h.Exec("iptables", "-I", "DOCKER-USER", "-i", "shop0", "-j", "DROP")
	checkNetwork(t, h, []networkProof{
		{step: "host-service-breached", from: uplink("shop"), to: hostRoot, at: "web", try: "172.30.0.1:7001"},
		{step: "host-service-breached", from: uplink("shop"), to: someAccount, at: "web", try: "172.30.0.1:7002"},
		{step: "host-service-breached", from: inContainer("out"), to: hostRoot, at: "out", try: "172.30.0.1:7001", want: true},
		{step: "service-breached", from: uplink("shop"), to: inContainer("open"), at: "web", try: "172.30.0.1:8080"},
	})
}

// listenTCP has a program of the host take connections until the test ends.
func listenTCP(t *testing.T, h *lab.TestHost, address string, words ...string) {
	t.Helper()
	listens(t, h.Command(t.Context(), append(words, "/srv/attempt", "serve-tcp", address)...))
}

// listens starts a program that says when it takes connections.
func listens(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err == nil {
		_, err = bufio.NewReader(out).ReadString('\n')
	}
	if err != nil {
		t.Fatalf("%v: %v", cmd.Args, err)
	}
	t.Cleanup(func() { cmd.Wait() }) //nolint:errcheck // it is ended by the test's context
}

// checkNetwork compares what the model says, what opens, and what is right.
func checkNetwork(t *testing.T, h *lab.TestHost, proofs []networkProof) {
	t.Helper()
	checkMoves(t, h, collect(t, h), proofs)
}

func checkMoves(t *testing.T, h *lab.TestHost, s *snapshot.Snapshot, proofs []networkProof) {
	t.Helper()
	m := steptest.Model(s, steps.All())
	for _, p := range proofs {
		said := attack.No
		moves := m.Moves()
		for i := range moves {
			if v := &moves[i]; v.Step.ID == p.step && v.From[0] == p.from && v.To == p.to {
				if v.Possible {
					_, missing := v.Facts()
					t.Logf("%s: not seen: %v", p.step, missing)
				}
				said = max(said, attack.Not(attack.Sure(v.Possible)), attack.Unknown)
			}
		}
		if said != attack.Sure(p.want) {
			t.Errorf("%s from %v to %v: the model says %v, want %t", p.step, p.from, p.to, said, p.want)
		}
		out, err := h.Command(t.Context(), "docker", "exec", p.at, "/bin/attempt", cmp.Or(p.how, "tcp"), p.try).CombinedOutput()
		if (err == nil) != p.want {
			t.Errorf("%s: %s opens %s: %t, want %t\n%s", p.step, p.at, p.try, err == nil, p.want, out)
		}
	}
}
