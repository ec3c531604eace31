package reach_test

import "seawall/lab"

// unfiltered removes the rules that an engine has left, and lets all through.
var unfiltered = []string{
	"iptables -P FORWARD ACCEPT", "iptables -F", "iptables -X",
	"iptables -t nat -F", "iptables -t nat -X", "iptables -t raw -F", "iptables -t raw -X",
}

// testSettings starts the engine anew with other settings.
func (e *engine) testSettings() {
	everybody, direct := all(onHost, bridged, internal, beyond), beyond
	if e.Version() == lab.V28 {
		direct = nil
	}
	// Containers that may not talk to each other reach the API all the same.
	e.restart(unfiltered, "--icc=false", "--userland-proxy=false")
	e.run("forwarding was on, which the engine leaves to the policy", func() {
		e.check(reached{":2375", onHost}, reached{":2376", everybody},
			reached{"plain2", all(onHost, []string{"plain2"}, direct)}, reached{"inner", all(onHost, internal)})
	})
	e.run("no userland proxy", func() {
		e.commands([]string{"iptables -P FORWARD DROP"})
		e.check(reached{":2375", onHost}, reached{":2376", everybody}, reached{"plain2", all(onHost, []string{"plain2"})})
	})
	e.run("frames to loopback without a userland proxy", e.checkLoopback)
	e.restart(unfiltered, "--iptables=false")
	e.run("no rules of the engine", e.checkUnfiltered)
}

// checkUnfiltered: without rules of the engine all networks are one, and whoever
// has a route reaches containers. Those of internal networks answer only whom
// they have a route to.
func (e *engine) checkUnfiltered() {
	everybody := all(onHost, bridged, internal, beyond)
	outer, inner := all(onHost, bridged, beyond), all(onHost, internal)
	if e.Version() == lab.V20 {
		outer, inner = everybody, everybody
	}
	e.check(reached{":2375", onHost}, reached{":2376", everybody}, reached{"172.31.0.1:2376", everybody},
		reached{"plain2", outer}, reached{"inner", inner})
}
